"""Which of our deliveries a delivery report is about: by proof, since anybody can write one (S-036)."""

from __future__ import annotations

from mainstay.channels import tokens
from mainstay.channels.models import Delivery
from mainstay.mail.addresses import split
from mainstay.mail.parse import Bounce, Letter
from mainstay.people.queries import normal_email

TOLD_CAP = 300


def deliveries(bounce: Bounce, envelope_to: str) -> list[Delivery]:
    """The deliveries that failed. What proves: the return path's token, which names case and person, or the Message-ID of what
    came back, whose bits are as secret. Empty when neither leads to something that we sent."""
    _, value = split(envelope_to)
    token = tokens.find(value) if value else None
    sent = Delivery.objects.filter(channel="email").select_related("message")
    by_id = (
        list(sent.filter(message__message_id=f"<{bounce.original_message_id}>", message__is_ours=True))
        if bounce.original_message_id
        else []
    )
    if token is not None:
        by_id = [one for one in by_id if one.message.case_id == token.case_id]
        theirs = [one for one in by_id if one.person_id == token.person_id]
        if theirs or by_id:
            return theirs
        latest = sent.filter(message__case=token.case_id, person=token.person_id, state=Delivery.State.SENT).order_by("-id").first()
        return [latest] if latest else []
    failed = {normal_email(address) for address in (*bounce.recipients, bounce.recipient) if address}
    named = [one for one in by_id if normal_email(one.address) in failed]
    return named or (by_id if len(by_id) == 1 else [])


def answer(letter: Letter) -> str:
    """What the report says, in a line for the case: the status code and who could not be reached."""
    bounce = letter.bounce
    assert bounce is not None
    return " ".join(part for part in (bounce.status, bounce.recipient, letter.subject) if part)[:TOLD_CAP]
