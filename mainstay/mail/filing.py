"""Where a mail ends up: rows only, all in the transaction of the job. Every receipt is settled exactly once (P-02)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mainstay.cases.actions import FileKept, Words
from mainstay.cases.models import Case, Message
from mainstay.channels.actions import bounced
from mainstay.channels.intake import Incoming, take_in
from mainstay.channels.models import Delivery
from mainstay.events import record
from mainstay.kernel import clock, limits
from mainstay.kernel.compiled import change
from mainstay.kernel.faults import faultpoint
from mainstay.mail.addresses import split
from mainstay.mail.events import MailQuarantined, MailSetAside
from mainstay.mail.models import RawMail
from mainstay.people.actions.recognise import recognise
from mainstay.people.models import Agent, Person, Team
from mainstay.people.queries import normal_email

State = RawMail.State
Reason = RawMail.Reason
Named = tuple[str, str]

HOUR = timedelta(hours=1)
FROM_ONE_SENDER = 60
SAME_WORDS = 8


class Settled(Exception):  # noqa: N818
    """Somebody was faster; rolls back what this one was about to file."""


@dataclass(frozen=True)
class Filing:
    """A mail that is going to be filed, with everything that could be prepared outside the transaction."""

    sender: Named
    to: Sequence[Named]
    cc: Sequence[Named]
    subject: str
    body: str
    cut: int | None
    html: str
    header_id: str
    dated: datetime | None
    language: str
    team: Team
    case: Case | None
    hints: Sequence[Case]
    is_proven: bool
    answerable: bool
    wakes: bool
    files: Sequence[FileKept]
    is_wanted: bool = False


def settle(raw: RawMail, state: str, reason: str = "", *, message: Message | None = None, copy_of: int | None = None) -> None:
    """Write what became of the mail. Raises Settled when that was decided already. Once it is in its place the reply token of its
    address has done its work; whoever reads the row later shall not be able to use it."""
    is_placed = state in {State.FILED, State.DUPLICATE}
    changed = change(
        RawMail,
        {"id": raw.pk, "state": State.WAITING},
        state=state,
        reason=reason,
        message_id=message.pk if message else None,
        duplicate_of_id=copy_of,
        envelope_to=split(raw.envelope_to)[0] if is_placed else raw.envelope_to,
        defects=raw.defects,
        sender=raw.sender,
        subject=raw.subject,
        header_id=raw.header_id,
        digest=raw.digest,
        identity=None if copy_of else raw.identity,
        verdicts=raw.verdicts,
        settled_at=clock.now(),
    )
    if not changed:
        raise Settled


def settle_aside(raw: RawMail, state: str, reason: str) -> None:
    """Set aside or quarantined: visible, and nobody's case until a person says so."""
    settle(raw, state, reason)
    kind = MailQuarantined if state == State.QUARANTINED else MailSetAside
    record(kind(mail=raw.pk, reason=reason))


def settle_copy(raw: RawMail, original: int) -> None:
    """The same mail stands under another receipt."""
    settle(raw, State.DUPLICATE, Reason.SAME_MAIL, copy_of=original)


def settle_bounce(raw: RawMail, deliveries: Sequence[Delivery], answer: str, *, permanent: bool) -> None:
    """A delivery report joins its delivery; it neither reopens nor answers anything."""
    for delivery in deliveries:
        bounced(delivery, answer=answer, permanent=permanent)
    settle(raw, State.FILED, Reason.BOUNCE, message=deliveries[0].message)


def file(raw: RawMail, filing: Filing) -> None:
    """Recognise the people, and take the words in."""
    if not filing.is_wanted and _too_many(filing):
        settle_aside(raw, State.SET_ASIDE, Reason.TOO_MANY)
        return
    people = recognise([filing.sender, *filing.to, *filing.cc])
    sender = people[normal_email(filing.sender[1])] if filing.sender[1] else Person.objects.create(name=filing.sender[0])
    to, cc = _addressed(filing.to, people), _addressed(filing.cc, people)
    message = take_in(
        Incoming(
            words=Words(
                author=sender,
                body=filing.body,
                at=raw.received_at,
                channel="email",
                cut=filing.cut,
                html=filing.html,
                message_id=filing.header_id,
                written_from=filing.sender[1],
                is_proven=filing.is_proven,
                dated=filing.dated,
                to=to,
                cc=cc,
                files=filing.files,
            ),
            sender=sender,
            subject=filing.subject,
            team=filing.team,
            case=filing.case,
            hints=filing.hints,
            copied=_customers([*(person for person, _ in (*to, *cc)), *([sender] if filing.case else [])]),
            answerable=filing.answerable,
            wakes=filing.wakes,
            language=filing.language,
        )
    )
    faultpoint("k8")
    settle(raw, State.FILED, message=message)
    faultpoint("k9")


def _addressed(named: Sequence[Named], people: dict[str, Person]) -> list[tuple[Person, str]]:
    return [(people[normal_email(address)], normal_email(address)) for _, address in named]


def _customers(people: Sequence[Person]) -> list[Person]:
    """Whom a mail brings in as customers: agents who were copied do not become customers by it."""
    if not people:
        return []
    agents = set(Agent.objects.filter(person__in=people).values_list("person_id", flat=True))
    return list({person.id: person for person in people if person.id not in agents}.values())


def _too_many(filing: Filing) -> bool:
    """The last stop of a loop that nothing else saw, counted per sender and hour (P-21)."""
    sender = normal_email(filing.sender[1])
    words = hashlib.sha256(f"{filing.subject}\n{filing.body}".encode()).hexdigest()
    return not limits.allow_all({f"mail from:{sender}": FROM_ONE_SENDER, f"mail:{sender}:{words}": SAME_WORDS}, HOUR)
