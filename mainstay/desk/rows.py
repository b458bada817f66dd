"""A case as one row of a queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from mainstay.cases.models import Case, CaseTag, Wait
from mainstay.channels.kind import KINDS
from mainstay.kernel import clock
from mainstay.ui.words import moment_words

RELATED = ("requester", "organization", "severity")
TAGS_SHOWN = 3


@dataclass(frozen=True)
class Row:
    """What the part "row" takes."""

    number: int
    url: str
    severity: int
    severity_name: str
    who: str
    organization: str
    subject: str
    due_at: datetime | None
    due_what: str
    meta: str
    unread: bool
    current: bool
    state: str = ""
    state_words: str = ""
    tags: list[str] = field(default_factory=list)
    faces: tuple[object, ...] = ()


def with_rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with all that their rows show: two queries, however many there are (three where some wait)."""
    tags = Prefetch("tags", CaseTag.objects.select_related("tag").order_by("tag__name"))
    waits = Prefetch("waits", Wait.objects.filter(ended_at=None))
    return cases.select_related(*RELATED).prefetch_related(tags, waits)


def rows_of(cases: Sequence[Case], *, context: dict[str, str] | None = None, current: int | None = None) -> list[Row]:
    """Rows for cases read through `with_rows`. `context` becomes the query of their addresses, so that the queue stays beside the case."""
    query = f"?{urlencode(context)}" if context else ""
    return [_row(case, f"{reverse('desk:case', args=[case.number])}{query}", case.number == current) for case in cases]


def _row(case: Case, url: str, current: bool) -> Row:
    state, state_words = _state(case)
    return Row(
        number=case.number,
        url=url,
        severity=case.severity.level,
        severity_name=case.severity.name,
        who=str(case.requester),
        organization=case.organization.name if case.organization else "",
        subject=case.subject or gettext("(no subject)"),
        due_at=None if state else case.due_at,
        due_what=what_words(case.due_what),
        meta=_meta(case),
        unread=case.touched_at is None and case.state == Case.State.OPEN,
        current=current,
        state=state,
        state_words=state_words,
        tags=[entry.tag.name for entry in case.tags.all()][:TAGS_SHOWN],
    )


def _state(case: Case) -> tuple[str, str]:
    """The row's light and words where no promise runs; nothing where one does."""
    zone, now = timezone.get_current_timezone(), clock.now()
    if case.state == Case.State.WAITING:
        wait = next(iter(case.waits.all()), None)
        return "calm", moment_words(wait.until, now, zone) if wait and wait.until else gettext("rests")
    if case.state == Case.State.RESOLVED:
        return "kept", moment_words(case.last_message_at, now, zone)
    if case.due_at is None:
        return ("kept", gettext("answered")) if case.last_was_ours else ("calm", moment_words(case.last_message_at, now, zone))
    return "", ""


def _meta(case: Case) -> str:
    count = ngettext("%(count)d message", "%(count)d messages", case.message_count) % {"count": case.message_count}
    return f"{count} · {channel_words(case.channel)}"


def channel_words(name: str) -> str:
    """A channel as people call it: by the label of its kind, if an app registered one."""
    known = {"email": gettext("e-mail"), "phone": gettext("phone"), "person": gettext("in person"), "portal": gettext("portal")}
    return known.get(name) or (str(KINDS[name].label) if name in KINDS else name)


def what_words(what: str) -> str:
    """What is owed, as people say it; an unknown promise says its own word."""
    known = {
        "read": gettext("read"),
        "respond": gettext("reply"),
        "update": gettext("update"),
        "fix": gettext("fix"),
        "call": gettext("call back"),
    }
    return known.get(what, what)
