"""Setting a sender's mail aside, and letting it in again."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from mainstay.events import record
from mainstay.kernel import clock
from mainstay.people.events import SenderBlocked, SenderUnblocked
from mainstay.people.models import Block, Person
from mainstay.people.queries import normal_email


def block_sender(value: str, *, by: Person) -> Block:
    """From now on mail from this address is set aside, visibly. Blocking a blocked sender changes nothing."""
    value = normal_email(value)
    try:
        with transaction.atomic():
            block = Block.objects.create(value=value, by=by, at=clock.now())
            record(SenderBlocked(actor=by.id, block=block.pk))
            return block
    except IntegrityError:
        return Block.objects.get(value=value, lifted_at=None)


@transaction.atomic
def unblock_sender(value: str, *, by: Person) -> None:
    """Let the sender's mail in again; what was set aside stays where it is until somebody lets it in."""
    for block in Block.objects.filter(value=normal_email(value), lifted_at=None):
        if Block.objects.filter(pk=block.pk, lifted_at=None).update(lifted_at=clock.now()):
            record(SenderUnblocked(actor=by.id, block=block.pk))
