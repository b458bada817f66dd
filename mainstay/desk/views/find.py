"""Go to a number, or look for words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from mainstay.cases.models import Case
from mainstay.cases.queries import visible_to
from mainstay.desk.beside import agent, views
from mainstay.desk.doors import page
from mainstay.people.access import team_ids
from mainstay.people.models import Person
from mainstay.search import documents, queries
from mainstay.search.queries import Hit
from mainstay.search.words import number_in
from mainstay.ui.pages import respond

LENGTH_CAP = 200
ON_A_PAGE = 30


@dataclass(frozen=True)
class Finding:
    """A hit with the row behind it, read with the agent's own rights: a case, or a person."""

    hit: Hit
    case: Case | None
    person: Person | None


@page
def go(request: HttpRequest) -> HttpResponse:
    """A case number, however it is written, leads to its case, if the agent may see it; anything else is looked for."""
    text = (request.GET.get("number") or request.GET.get("q") or "")[:LENGTH_CAP].strip()
    number = number_in(text)
    if number and visible_to(request.user).filter(number=number).exists():
        return HttpResponseRedirect(reverse("desk:case", args=[number]))
    return HttpResponseRedirect(f"{reverse('desk:search')}?{urlencode({'q': text})}")


@page
def search(request: HttpRequest) -> HttpResponse:
    """What holds all the words, newest first: cases, messages, notes and people of the agent's teams, and nothing else (S-046)."""
    text, before = request.GET.get("q", "")[:LENGTH_CAP].strip(), request.GET.get("before", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    found = queries.find(text, scopes=documents.for_teams(team_ids(agent(request))), limit=ON_A_PAGE, before=start)
    older = urlencode({"q": text, "before": found.before}) if found.before else ""
    context = {
        **views(request),
        "text": text,
        "findings": findings(agent(request), found.hits),
        "older": f"{reverse('desk:search')}?{older}" if older else "",
    }
    return respond(request, page="desk/search.html", context=context)


def findings(person: Person, hits: Sequence[Hit]) -> list[Finding]:
    """The hits whose rows the agent may see now, a case or person once: the index may be a moment behind. Two queries."""
    related = ("requester", "organization", "severity")
    ids = {hit.case for hit in hits if hit.case}
    cases = {case.pk: case for case in visible_to(person).filter(pk__in=ids).select_related(*related)}
    people = Person.objects.select_related("organization").in_bulk([hit.object for hit in hits if hit.kind == "person"])
    found: dict[tuple[str, int], Finding] = {}
    for hit in hits:
        case, someone = cases.get(hit.case or 0), people.get(hit.object) if hit.kind == "person" else None
        if case is not None:
            found.setdefault(("case", case.pk), Finding(hit, case, None))
        elif someone is not None:
            found.setdefault(("person", someone.pk), Finding(hit, None, someone))
    return list(found.values())
