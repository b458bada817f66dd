"""The first of two steps: the bytes and their receipt are on the disk before anybody hears that we have the mail (P-01)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from mainstay.kernel import blobs, clock
from mainstay.kernel.faults import faultpoint
from mainstay.kernel.turns import writing
from mainstay.mail import room
from mainstay.mail.addresses import Directory, Place, split
from mainstay.mail.guard import Envelope
from mainstay.mail.models import RawMail
from mainstay.mail.room import NoRoom

__all__ = ["Envelope", "NoRoom", "NotOurs", "keep"]

# RFC 5321 section 4.5.4.1: a server tries for four to five days. The same bytes after that were sent on purpose.
REPEATS_WITHIN = timedelta(days=5)


class NotOurs(Exception):  # noqa: N818
    """None of the recipients is an address of ours."""


@dataclass(frozen=True)
class _Receipt:
    place: Place
    key: str


def keep(raw: bytes, envelope: Envelope, *, peer: str = "", directory: Directory | None = None) -> list[RawMail]:
    """Store the mail and its receipts, one for each of our mailboxes (or reply addresses) that it is for, and queue the second
    step; when this returns, all of it survives a power failure. The same bytes for the same recipient again are recorded as a
    copy of the first. Raises NoRoom, NotOurs, OSError, or the database's error; then nothing was accepted.
    """
    receipts = _receipts(raw, envelope, directory or Directory())
    if not receipts:
        raise NotOurs
    room.check(len(raw))
    try:
        name = blobs.keep(raw)
    except OSError as error:
        raise NoRoom if room.is_full(error) else error
    faultpoint("k4")
    with writing(), transaction.atomic():
        return _store(name, len(raw), envelope, peer, receipts)


def _receipts(raw: bytes, envelope: Envelope, directory: Directory) -> list[_Receipt]:
    """Reply addresses first, since they say where the mail belongs; then each other mailbox, once."""
    places = [place for recipient in envelope.recipients if (place := directory.place(recipient)) is not None]
    chosen: dict[tuple[int, str], Place] = {}
    for place in sorted(places, key=lambda place: not place.token):
        if place.token or not any(mailbox == place.mailbox for mailbox, _ in chosen):
            chosen.setdefault((place.mailbox, place.token), place)
    name = hashlib.sha256(raw).hexdigest()
    return [_Receipt(place, _key(name, place)) for place in chosen.values()]


def _key(name: str, place: Place) -> str:
    return hashlib.sha256(f"{name}:{place.mailbox}:{place.recipient.lower()}".encode()).hexdigest()


def _store(name: str, size: int, envelope: Envelope, peer: str, receipts: Sequence[_Receipt]) -> list[RawMail]:
    from mainstay.mail.process import process

    rows: list[RawMail] = []
    for receipt in receipts:
        row = _row(name, size, envelope, peer, receipt.place)
        # A copy for another mailbox is filed once; one with a reply token of its own may belong to another case.
        if rows and not receipt.place.token:
            _insert_copy(row, of=rows[0].pk, reason=RawMail.Reason.SAME_MAIL)
        elif _insert(row, receipt.key) or (_is_free_again(receipt.key) and _insert(row, receipt.key)):
            # One lane: copies of one mail are judged one after another, so that the second meets the first.
            process.using(lane=f"mail:{name[:32]}" if len(receipts) > 1 else "").enqueue(row.pk)
        else:
            earlier = RawMail.objects.values_list("pk", flat=True).get(key=receipt.key)
            _insert_copy(row, of=earlier, reason=RawMail.Reason.DELIVERED_AGAIN)
        rows.append(row)
    return rows


def _row(name: str, size: int, envelope: Envelope, peer: str, place: Place) -> RawMail:
    return RawMail(
        hash=name,
        size=size,
        mailbox_id=place.mailbox,
        envelope_from=(envelope.sender or "")[:320],
        envelope_to=place.recipient[:320],
        peer=peer[:64],
        received_at=clock.now(),
    )


# By hand, since it is the one statement that every sender waits for, and Django's does not tell which row it met.
_INSERT = """
    INSERT INTO mail_rawmail (hash, size, mailbox_id, envelope_from, envelope_to, peer, received_at, key, state, reason, defects, sender,
                              subject, header_id, digest, identity, message_id, duplicate_of_id, attempts, verdicts, settled_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '[]', '', '', '', '', NULL, NULL, %s, 0, '{}', %s)
    ON CONFLICT (key) DO NOTHING RETURNING id
"""


def _insert(row: RawMail, key: str | None) -> bool:
    """Write the receipt; False when its key is taken."""
    adapt = connection.ops.adapt_datetimefield_value
    values: list[Any] = [row.hash, row.size, row.mailbox_id, row.envelope_from, row.envelope_to, row.peer, adapt(row.received_at), key]
    values += [row.state, row.reason, row.duplicate_of_id, adapt(row.settled_at) if row.settled_at else None]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        made = cursor.fetchone()
    if made is not None:
        row.pk, row.key = made[0], key
    return made is not None


def _insert_copy(row: RawMail, *, of: int, reason: str) -> None:
    row.state, row.reason, row.duplicate_of_id, row.settled_at = RawMail.State.DUPLICATE, reason, of, row.received_at
    row.envelope_to = split(row.envelope_to)[0]
    _insert(row, None)


def _is_free_again(key: str) -> bool:
    """Whether the receipt that had the key is so old that the sender can't be repeating it; it gives the key away then."""
    return RawMail.objects.filter(key=key, received_at__lt=clock.now() - REPEATS_WITHIN).update(key=None) == 1
