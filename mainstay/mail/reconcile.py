"""The proof of P-02: every accepted mail is in a case, in quarantine, set aside, discarded by a person, or a copy of a named one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings

from mainstay.jobs.models import Job
from mainstay.kernel import blobs
from mainstay.mail.models import RawMail

State = RawMail.State
CHUNK = 2_000


@dataclass
class Account:
    """One mailbox on one day (UTC): how many mails were accepted, what became of them, and the receipts that nothing accounts for."""

    mailbox: str
    day: date
    accepted: int = 0
    states: Counter[str] = field(default_factory=Counter)
    gaps: list[tuple[int, str]] = field(default_factory=list)

    @property
    def balances(self) -> bool:
        return not self.gaps and self.accepted == sum(self.states.values())


def accounts() -> list[Account]:
    """Every mailbox and day, oldest day first. Reads each receipt once, in bounded memory per day and mailbox."""
    found: dict[tuple[date, str], Account] = {}
    on_the_way = set(_raw_ids_with_jobs())
    for mail in _receipts():
        key = (mail.received_at.date(), mail.mailbox.address if mail.mailbox else "-")
        account = found.setdefault(key, Account(key[1], key[0]))
        account.accepted += 1
        gap = _gap(mail, on_the_way)
        if gap:
            account.gaps.append((mail.pk, gap))
        else:
            account.states[mail.state] += 1
    return [found[key] for key in sorted(found)]


def _receipts() -> Iterator[RawMail]:
    last = 0
    while True:
        rows = list(RawMail.objects.filter(pk__gt=last).select_related("mailbox").order_by("pk")[:CHUNK])
        if not rows:
            return
        yield from rows
        last = rows[-1].pk


def _raw_ids_with_jobs() -> Iterator[int]:
    """The mails that some job will still see to, also one that was given up and can be retried."""
    for arguments in Job.objects.filter(task="mainstay.mail.process.process").values_list("args", flat=True):
        yield int(arguments[0])


def _gap(mail: RawMail, on_the_way: set[int]) -> str:
    """What is missing, in words; nothing when the receipt is accounted for."""
    if not blobs.is_kept(mail.hash):
        return f"its bytes are not in {settings.DATA}"
    if mail.state == State.FILED and mail.message_id is None:
        return "it is said to be in a case, and is in none"
    if mail.state == State.DUPLICATE and mail.duplicate_of_id is None:
        return "it is said to be a copy, and nobody knows of what"
    if mail.state in {State.SET_ASIDE, State.QUARANTINED} and not mail.reason:
        return "it is held back without a reason"
    if mail.state == State.WAITING and mail.pk not in on_the_way:
        return "it waits, and no job will see to it"
    return ""
