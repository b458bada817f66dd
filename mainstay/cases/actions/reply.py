"""Our words to the customer: an agent's reply, or a letter."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from mainstay.cases.actions.words import Words, write_message
from mainstay.cases.events import LetterWritten, ReplySent
from mainstay.cases.models import Case, Message
from mainstay.events import record


@transaction.atomic
def reply(case: Case, words: Words, *, pressed_at: datetime | None = None) -> Message:
    """An agent's message to the customer. Promises count it from the moment Send was pressed. The first one to answer an
    unowned case becomes nobody's owner: taking a case is a verb of its own."""
    message = write_message(case, words, is_ours=True)
    Case.objects.filter(pk=case.pk).update(last_message_at=words.at, last_was_ours=True, message_count=F("message_count") + 1)
    record(
        ReplySent(
            case=case.id,
            actor=words.author.id if words.author else None,
            organization=case.organization_id,
            message=message.id,
            pressed_at=(pressed_at or words.at).isoformat(),
        )
    )
    return message


@transaction.atomic(savepoint=False)
def write_letter(case: Case, words: Words, *, letter: str) -> Message:
    """An automatic message, labelled as such: it neither counts as an answer nor moves the case in any queue."""
    message = write_message(case, words, is_ours=True, is_letter=True)
    record(LetterWritten(case=case.id, organization=case.organization_id, message=message.id, letter=letter))
    return message
