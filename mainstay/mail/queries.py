"""Reading mailboxes and mails, and how mail is doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from mainstay.channels.models import Delivery
from mainstay.kernel import clock
from mainstay.mail import room
from mainstay.mail.access import sees_every_mail
from mainstay.mail.models import Mailbox, RawMail
from mainstay.people.access import Asker, agent_of, team_ids

STUCK_AFTER = timedelta(minutes=5)
COUNT_LIMIT = 1_000
_UNSENT = [Delivery.State.QUEUED, Delivery.State.SENDING, Delivery.State.UNCERTAIN]


def visible_to(person: Asker) -> QuerySet[RawMail]:
    """The mails that this person may see: an agent those that came to their teams' mailboxes, an administrator all; nobody else any."""
    if agent_of(person) is None:
        return RawMail.objects.none()
    return RawMail.objects.all() if sees_every_mail(person) else RawMail.objects.filter(mailbox__team__in=team_ids(person))


def on_hold(person: Asker) -> QuerySet[RawMail]:
    """What waits for somebody's decision, newest first: quarantined and set aside."""
    held = [RawMail.State.QUARANTINED, RawMail.State.SET_ASIDE]
    return visible_to(person).filter(state__in=held).select_related("mailbox").order_by("-id")


def sent_mail(person: Asker) -> QuerySet[Delivery]:
    """The demo's kept copies of what was sent, newest first, for agents of the cases' teams."""
    if agent_of(person) is None:
        return Delivery.objects.none()
    mine = Delivery.objects.exclude(copy="").filter(message__case__team__in=team_ids(person))
    return mine.select_related("message__case", "person").order_by("-id")


@dataclass(frozen=True)
class Health:
    """How mail is doing, for /healthz, the banner and `mainstay doctor` (P-17)."""

    oldest_waiting: timedelta | None
    """How long the oldest kept mail has waited to be filed."""

    oldest_unsent: timedelta | None
    """How long the oldest message has waited to leave."""

    quarantined: int
    """Counted to a thousand at most."""

    uncertain: int
    paused: list[str]
    """The addresses of mailboxes whose server refuses us."""

    has_room: bool

    @property
    def is_well(self) -> bool:
        stuck = [age for age in (self.oldest_waiting, self.oldest_unsent) if age is not None and age > STUCK_AFTER]
        return not stuck and not self.paused and self.has_room


def health() -> Health:
    """Five indexed queries."""
    now = clock.now()
    waiting = RawMail.objects.filter(state=RawMail.State.WAITING).order_by("received_at").values_list("received_at", flat=True).first()
    return Health(
        oldest_waiting=_age(waiting, now),
        oldest_unsent=_age(unsent().order_by("id").values_list("message__at", flat=True).first(), now),
        quarantined=RawMail.objects.filter(state=RawMail.State.QUARANTINED)[:COUNT_LIMIT].count(),
        uncertain=Delivery.objects.filter(state=Delivery.State.UNCERTAIN, next_at=None)[:COUNT_LIMIT].count(),
        paused=list(Mailbox.objects.filter(paused_until__gt=now, is_active=True).values_list("address", flat=True)),
        has_room=room.left() > room.reserve(),
    )


def unsent() -> QuerySet[Delivery]:
    """E-mail deliveries that a machine still has to do something about."""
    return Delivery.objects.filter(state__in=_UNSENT, channel="email").exclude(state=Delivery.State.UNCERTAIN, next_at=None)


def _age(moment: datetime | None, now: datetime) -> timedelta | None:
    return None if moment is None else now - moment
