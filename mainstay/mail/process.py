"""The second step: what a kept mail becomes. Reading and thinking happen outside the transaction, filing inside."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.db.models import F
from django_tasks import TaskContext

from mainstay.jobs import Retry, task
from mainstay.kernel import blobs
from mainstay.kernel.compiled import Compiled
from mainstay.kernel.faults import faultpoint
from mainstay.mail.addresses import Directory
from mainstay.mail.child import ParserChild, Unreadable
from mainstay.mail.filing import settle_aside
from mainstay.mail.judging import plan
from mainstay.mail.models import RawMail
from mainstay.mail.parse import Letter

PARSES = 3
TRIES = 6
AGAIN_AFTER = timedelta(seconds=3)
Finish = Callable[[], object]

_WAITING = Compiled(lambda pk: RawMail.objects.select_related("mailbox__team").filter(pk=pk, state=RawMail.State.WAITING), int)
_here = threading.local()


@task(takes_context=True, max_attempts=TRIES + 2)  # type: ignore[call-overload,untyped-decorator]
def process(context: TaskContext, raw_id: int) -> Finish | None:
    """Read one kept mail and return how it is filed. A mail that can't be read, or that fails again and again, goes into the
    visible quarantine with its bytes, and never stands in the way of the next."""
    raw = _WAITING.first(raw_id)
    if raw is None:
        return None
    if context.attempt > TRIES:
        return partial(settle_aside, raw, RawMail.State.QUARANTINED, RawMail.Reason.FAILING)
    try:
        letter = _read(raw)
    except FileNotFoundError:
        return partial(settle_aside, raw, RawMail.State.QUARANTINED, RawMail.Reason.BYTES_GONE)
    except Unreadable as failure:
        return _unreadable(raw, failure)
    faultpoint("k7")
    return plan(raw, letter, _directory())


def _read(raw: RawMail) -> Letter:
    return _child().parse(blobs.read(raw.hash))


def _unreadable(raw: RawMail, failure: Unreadable) -> Finish:
    """Three tries, since a limit may trip on a busy machine; a person's wish to have it in a case is met at once."""
    RawMail.objects.filter(pk=raw.pk).update(attempts=F("attempts") + 1)
    raw.defects = [*raw.defects, failure.reason[:200]][-PARSES:]
    if raw.attempts + 1 < PARSES and not raw.verdicts.get("wish"):
        raise Retry(AGAIN_AFTER, f"mail {raw.pk}: {failure.reason}")
    letter = Letter(defects=(f"unreadable: {failure.reason}",))
    return plan(raw, letter, _directory(), reason=RawMail.Reason.PARSER_DIED)


def _child() -> ParserChild:
    """One warm child per thread, started at its first mail; the kernel ends it with the thread."""
    if not hasattr(_here, "child"):
        _here.child = ParserChild()
    child: ParserChild = _here.child
    return child


def _directory() -> Directory:
    return Directory()
