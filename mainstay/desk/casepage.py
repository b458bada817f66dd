"""All that the page of one case shows, and how its forms are answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from mainstay.cases.models import Case, CaseTag, Resolution, Severity, SeveritySpan, Wait
from mainstay.cases.queries import visible_to
from mainstay.desk.about import about
from mainstay.desk.beside import agent, beside
from mainstay.desk.doors import RELATED, is_asked_by_script
from mainstay.desk.keyset import cursors_of
from mainstay.desk.queues import QUEUES
from mainstay.desk.thread import SHOWN, thread_of
from mainstay.desk.writing import composer
from mainstay.people.models import Agent, Team
from mainstay.people.queries import working_agents
from mainstay.ui.pages import respond
from mainstay.ui.toasts import toast

CHANGED = ["desk/_case_head.html", "desk/_first_touch.html", "desk/_thread.html", "desk/_about_case.html"]


def place_of(request: HttpRequest) -> str:
    """The queue that the agent came from, as the query of every address on the page: it stays beside the case."""
    name = request.GET.get("queue", "")
    return f"?{urlencode({'queue': name, **cursors_of(request)})}" if name in QUEUES else ""


def case_context(request: HttpRequest, case: Case, *, fresh: Iterable[int] = ()) -> dict[str, Any]:
    """Head, thread and what we know about it: everything that a change can touch. A constant number of queries."""
    person = agent(request)
    named = request.GET.get("fresh", "").split("-")[:50]
    fresh = [*fresh, *(int(key) for key in named if key.isascii() and key.isdigit() and len(key) < 19)]
    thread = thread_of(case, person, shown=_number(request.GET.get("shown")), fresh=fresh)
    severities = list(Severity.objects.all())
    owners = list(working_agents(case.team))
    return {
        "case": case,
        "place": place_of(request),
        "thread": thread,
        "thread_url": _thread_url(request, case, fresh),
        "severities": severities,
        "owners": owners,
        "owner_ids": {row.person_id for row in owners},
        "tags": [entry.tag.name for entry in CaseTag.objects.filter(case=case).select_related("tag").order_by("tag__name")],
        "wait": Wait.objects.filter(case=case, ended_at=None).first() if case.state == Case.State.WAITING else None,
        "hows": Resolution.How.choices,
        "is_mine": case.owner_id == person.pk,
        "is_first_touch": needs_first_touch(case),
        "backup_guess": next((row.person for row in owners if row.person_id != person.pk), None),
        **about(case, person),
    }


def page_context(request: HttpRequest, case: Case, *, fresh: Iterable[int] = (), typed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The whole page: the case, the composer (with `typed` in place of the kept draft), and the queue beside it."""
    context = case_context(request, case, fresh=fresh)
    name = request.GET.get("queue", "")
    around = beside(request, name if name in QUEUES else "next", current=case.number)
    return {
        **around,
        **context,
        "composer": composer(case, agent(request), context["thread"], typed=typed),
        "teams": teams(),
    }


def show_case(request: HttpRequest, case: Case, *, status: int = 200, problem: str = "", **more: Any) -> HttpResponse:
    """The case's page, with a `problem` said above it when something could not be done (a toast, where only fragments are shown)."""
    if is_asked_by_script(request) and problem:
        toast(request, problem, bad=True)
        return answer(request, case)
    context = {**page_context(request, case, **more), "problem": problem}
    return respond(request, page="desk/case.html", fragments=["desk/_case.html", "desk/_about_case.html"], context=context, status=status)


def answer(request: HttpRequest, case: Case) -> HttpResponse:
    """After a change that went well: what it touched, read anew, or the way back to the case. A case that has left the agent's
    teams leads back to the queue."""
    fresh = visible_to(request.user).select_related(*RELATED).filter(pk=case.pk).first()
    if fresh is None:
        name = request.GET.get("queue", "")
        return respond(request, page="desk/queue.html", then=QUEUES[name if name in QUEUES else "next"].url)
    then = reverse("desk:case", args=[case.number]) + place_of(request)
    context = {**case_context(request, fresh), "teams": teams()} if is_asked_by_script(request) else {}
    return respond(request, page="desk/case.html", fragments=CHANGED, context=context, then=then)


def needs_first_touch(case: Case) -> bool:
    """Until somebody has read it, and then until anybody decides anything about it, the case says what it needs in one line."""
    if case.state != Case.State.OPEN or case.last_was_ours:
        return False
    return case.touched_at is None or (case.owner_id is None and not SeveritySpan.objects.filter(case=case).exists())


def teams() -> list[Team]:
    """Where the case could be moved: every team, since handing over to another one is what teams are for."""
    return list(Team.objects.order_by("name"))


def hat(request: HttpRequest) -> Agent:
    """The agent's own row: signature, undo time."""
    return Agent.objects.get(person=agent(request))


def _thread_url(request: HttpRequest, case: Case, fresh: Iterable[int]) -> str:
    """Where the open page asks for its thread again, with what is marked as new and how much of it is unfolded."""
    kept = {name: request.GET[name] for name in ("queue", "shown") if request.GET.get(name)}
    query = urlencode({**kept, **cursors_of(request), "fresh": "-".join(map(str, fresh))})
    return f"{reverse('desk:thread', args=[case.number])}?{query}"


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else SHOWN
