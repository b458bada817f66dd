"""A case as its customer reads it: plain words, names of people, and nothing that was not said to them (S-054)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from mainstay.cases.models import Case, Message, Resolution, Wait
from mainstay.cases.queries import messages_visible_to
from mainstay.channels.intake import REOPENS_FOR
from mainstay.channels.links import Opened, without_links
from mainstay.kernel import clock, html, markdown
from mainstay.people.models import Person
from mainstay.portal.presence import by_when

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

SHOWN = 200


@dataclass(frozen=True)
class Shown:
    """A file as the part "attachment" takes it."""

    name: str
    size: int
    url: str


@dataclass(frozen=True)
class Badge:
    """A word beside a name."""

    text: str
    kind: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Entry:
    """One message, or one line about a letter (then it has a body no page shows)."""

    author: str
    at: datetime
    kind: str
    body: SafeString | str = ""
    photo: str = ""
    files: list[Shown] = field(default_factory=list)
    badges: list[Badge] = field(default_factory=list)


@dataclass(frozen=True)
class Standing:
    """How the case stands: one sentence and one light."""

    sentence: str
    light: str


def entries_of(link: Opened, token: str) -> list[Entry]:
    """What this person may read of the case, in order. Quoted mail below an answer is left out: it names other people's addresses."""
    messages = messages_visible_to(link.person, link.case).select_related("author", "author__agent").prefetch_related("attachments")
    newest = list(messages.order_by("-at", "-id")[:SHOWN])
    return [_entry(message, link.person, token) for message in reversed(newest)]


def _entry(message: Message, reader: Person, token: str) -> Entry:
    if message.is_letter:
        return Entry(author="", at=message.at, kind="letter")
    files = [Shown(row.name, row.size, reverse("portal:file", args=[token, row.key])) for row in message.attachments.all()]
    mine = message.author_id == reader.pk
    author = safe_name(message.author) or (_("You") if mine else _("Our team") if message.is_ours else _("Somebody else in this case"))
    return Entry(
        author=author,
        at=message.at,
        kind="ours" if message.is_ours else "customer",
        body=body_of(message),
        photo=reverse("setup:face", args=[message.author.photo]) if message.is_ours and message.author and message.author.photo else "",
        files=files,
        badges=[Badge(_("you"))] if mine and not message.is_ours else [],
    )


def safe_name(person: Person | None) -> str:
    """A person's name, unless an address was given as one."""
    name = person.name if person else ""
    return "" if "@" in name else name


def body_of(message: Message) -> SafeString:
    """The message's own words as safe HTML, without links of other readers."""
    words = without_links(message.visible)
    if message.format == Message.Format.MARKDOWN:
        return markdown.render(words)
    if message.format == Message.Format.HTML:
        return html.safe(html.clean(words))
    return html.plain_to_html(words)


def standing_of(case: Case) -> Standing:
    """Who has it, or what we wait for. No query where owner, waits and resolutions were fetched with the case."""
    owner = case.owner.first_name if case.owner and safe_name(case.owner) else ""
    if case.state == Case.State.RESOLVED:
        resolution = _resolution(case)
        by = resolution.by.first_name if resolution and resolution.by and safe_name(resolution.by) else ""
        return Standing(_("%(name)s resolved it.") % {"name": by} if by else _("It is resolved."), "good")
    if case.state == Case.State.WAITING:
        return Standing(_waits(_wait(case)), "brass")
    return Standing(
        _("%(name)s has it.") % {"name": owner} if owner else _("Our team has it.") if case.touched_at else _("We have it."), "accent"
    )


def next_of(case: Case, reader: Person) -> str:
    """What happens next; times in the hours' own zone, which is named where the reader lives by another clock."""
    if case.state == Case.State.RESOLVED:
        if not is_over(case):
            return _("Not quite? Write below, and it is open again.")
        words = _("That was more than %(days)d days ago, so what you write now begins a new case, linked to this one.")
        return words % {"days": REOPENS_FOR.days}
    if case.state == Case.State.WAITING:
        return _after_the_wait(case, reader)
    if case.due_at is None:
        return ""
    if case.due_at < clock.now():
        return _("We are late with our answer, and we know it.")
    words = _("A person reads it %(when)s.") if case.due_what == "read" else _("You hear from us %(when)s.")
    return words % {"when": by_when(case.due_at, case.team, reader)}


def is_over(case: Case) -> bool:
    """Whether an answer would begin a new case (`channels.intake` decides it by the same time)."""
    resolution = _resolution(case) if case.state == Case.State.RESOLVED else None
    return resolution is not None and clock.now() - resolution.at > REOPENS_FOR


def _waits(wait: Wait | None) -> str:
    on = wait.on if wait else Wait.On.DATE
    if on == Wait.On.CUSTOMER:
        return _("It is your turn: we wait for your answer.")
    if on == Wait.On.FIX:
        return _("It waits for a fix.")
    return _("We wait for somebody else, and keep at it.") if on == Wait.On.THIRD else _("It rests for now.")


def _after_the_wait(case: Case, reader: Person) -> str:
    wait = _wait(case)
    if wait is not None and wait.on == Wait.On.CUSTOMER:
        return _("Write below, or answer our mail.")
    if wait is not None and wait.on == Wait.On.FIX:
        return _("We tell you when it is out.")
    if wait is None or wait.until is None:
        return ""
    return _("We come back to it %(when)s.") % {"when": by_when(wait.until, case.team, reader)}


def _wait(case: Case) -> Wait | None:
    return next((row for row in case.waits.all() if row.ended_at is None), None)


def _resolution(case: Case) -> Resolution | None:
    return next((row for row in case.resolutions.all() if row.reopened_at is None), None)
