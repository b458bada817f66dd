"""What a person may do with a mail that is not simply in a case. Each works once: two clicks, or two people, make one result (R-24)."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Coalesce

from mainstay.cases.models import Case
from mainstay.events import EventKind, record
from mainstay.kernel import clock
from mainstay.mail.events import MailAttached, MailDiscarded, MailLetIn, MailReleased, MailRetried
from mainstay.mail.models import Mailbox, RawMail
from mainstay.mail.process import process
from mainstay.people.models import Person

State = RawMail.State
_HELD = [State.QUARANTINED, State.SET_ASIDE]


@transaction.atomic
def retry(raw: RawMail, *, by: Person) -> bool:
    """Read and judge it again, as if it had just arrived: after a fix. False when it was settled otherwise meanwhile."""
    return _again(raw, MailRetried(actor=by.id, mail=raw.pk), {})


@transaction.atomic
def let_in(raw: RawMail, *, by: Person) -> bool:
    """File it whatever the guard thinks of it; it still joins a case by proof only. False when it was settled otherwise."""
    return _again(raw, MailLetIn(actor=by.id, mail=raw.pk), {"wish": "let in"})


@transaction.atomic
def release_as_case(raw: RawMail, *, by: Person) -> bool:
    """Make it a case of its own; one that can't be read is attached to its case as it came. False when it was settled otherwise."""
    return _again(raw, MailReleased(actor=by.id, mail=raw.pk), {"wish": "case"})


@transaction.atomic
def attach_to_case(raw: RawMail, case: Case, *, by: Person) -> bool:
    """Put it to this case because a person says that it belongs there; it is marked as unproven. False when it was settled
    otherwise."""
    event = MailAttached(actor=by.id, case=case.id, organization=case.organization_id, mail=raw.pk)
    return _again(raw, event, {"wish": "attach", "case": case.id})


@transaction.atomic
def discard(raw: RawMail, *, by: Person) -> bool:
    """Throw it away: no case comes of it. The receipt stays, with who did it. False when it was settled otherwise."""
    gone = RawMail.objects.filter(pk=raw.pk, state__in=_HELD).update(state=State.DISCARDED, settled_at=clock.now())
    if gone:
        record(MailDiscarded(actor=by.id, mail=raw.pk))
        raw.refresh_from_db()
    return bool(gone)


def _again(raw: RawMail, event: EventKind, wish: dict[str, object]) -> bool:
    """Back to the second step, with the wish beside it; the reading itself is the worker's, since it may take its time. A mail for
    no mailbox goes to the default one: some team has to answer it."""
    default = Mailbox.objects.filter(is_default=True).values("pk")[:1]
    changed = RawMail.objects.filter(pk=raw.pk, state__in=_HELD).update(
        state=State.WAITING, reason="", attempts=0, defects=[], verdicts=wish, settled_at=None, mailbox=Coalesce("mailbox", default)
    )
    if not changed:
        return False
    record(event)
    process.enqueue(raw.pk)
    raw.refresh_from_db()
    return True
