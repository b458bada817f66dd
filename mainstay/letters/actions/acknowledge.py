"""The first sign of life."""

from __future__ import annotations

from mainstay.cases.actions import Words, write_letter
from mainstay.cases.models import Case, Message
from mainstay.channels.actions import post
from mainstay.channels.actions.send import new_message_id
from mainstay.channels.kind import KINDS
from mainstay.events import record
from mainstay.kernel import clock
from mainstay.kernel.compiled import insert
from mainstay.letters.acknowledgement import Asked, look, write
from mainstay.letters.caps import is_nobody, reason_to_withhold
from mainstay.letters.events import LetterWithheld
from mainstay.letters.models import Kind, Letter
from mainstay.mail.addresses import Directory
from mainstay.people.queries import normal_email


def acknowledge(message: int) -> Message | None:
    """Answer a case's first message with its number, our hours and the time by which a person will read it; once. None when there
    is nothing to say any more, or when it is withheld, which the log says with the reason. Inside the reaction's transaction."""
    asked = look(message)
    if asked is None or not asked.is_on or asked.is_written or asked.case.state != Case.State.OPEN or asked.case.last_was_ours:
        return None
    reason = _where_it_would_go(asked) or reason_to_withhold(letters=asked.letters, address=normal_email(asked.address))
    if reason:
        letter = LetterWithheld(case=asked.case.id, organization=asked.case.organization_id, letter=Kind.ACKNOWLEDGEMENT, reason=reason)
        record(letter)
        return None
    return _send(asked)


def _where_it_would_go(asked: Asked) -> str:
    if not asked.address:
        return "no address"
    if is_nobody(asked.address):
        return "no-reply"
    # A mail from one of our own mailboxes never gets this far; a form takes whatever people type.
    return "own address" if asked.channel != "email" and Directory().is_own(asked.address) else ""


def _send(asked: Asked) -> Message:
    case = asked.case
    to = [(case.requester, asked.address)]
    words = Words(
        author=None,
        body=write(asked),
        at=clock.now(),
        channel="email" if "email" in KINDS else case.channel,
        message_id=new_message_id(),
        # Of a letter this says whether the mail around it may repeat the customer's name, subject and words (S-039).
        is_proven=asked.is_known,
        to=to,
    )
    message = write_letter(case, words, letter=Kind.ACKNOWLEDGEMENT)
    insert(Letter(case=case, kind=Kind.ACKNOWLEDGEMENT, message=message, at=words.at))
    post(message, to)
    return message
