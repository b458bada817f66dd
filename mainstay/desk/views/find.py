"""Go to a number, or look for words."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from mainstay.cases.models import Case
from mainstay.cases.queries import visible_to
from mainstay.desk.beside import agent, views
from mainstay.desk.doors import page
from mainstay.desk.keyset import cursors_of, page_of
from mainstay.desk.queues import NEWEST_FIRST
from mainstay.desk.rows import rows_of, with_rows
from mainstay.kernel import clock
from mainstay.people.models import Person
from mainstay.ui.pages import respond

LENGTH_CAP = 200
WORDS_CAP = 8


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
    """The cases that hold all the words, newest first; only what the agent may see is looked through (S-046)."""
    text = request.GET.get("q", "")[:LENGTH_CAP].strip()
    found = page_of(with_rows(matching(agent(request), text)), NEWEST_FIRST, now=clock.now(), **cursors_of(request))

    def address(**cursor: str) -> str:
        return f"{reverse('desk:search')}?{urlencode({'q': text, **cursor})}"

    context = {
        **views(request),
        "text": text,
        "rows": rows_of(found.rows),
        "newer": address(before=found.newer) if found.newer else "",
        "older": address(after=found.older) if found.older else "",
    }
    return respond(request, page="desk/search.html", context=context)


def matching(person: Person, text: str) -> QuerySet[Case]:
    """Cases by number, or with every word in the subject, the name or an address of who asked, or their organization."""
    cases, number = visible_to(person), number_in(text)
    if number:
        return cases.filter(number=number)
    words = text.split()[:WORDS_CAP]
    if not words:
        return cases.none()
    for word in words:
        told = Q(subject__icontains=word) | Q(requester__name__icontains=word) | Q(organization__name__icontains=word)
        cases = cases.filter(told | Q(requester__in=Person.objects.filter(addresses__value__icontains=word)))
    return cases


def number_in(text: str) -> int | None:
    """Nine digits, with or without spaces and the sign before them."""
    digits = "".join(text.split()).removeprefix("#").replace("-", "").replace(".", "")
    return int(digits) if len(digits) == 9 and digits.isascii() and digits.isdigit() else None
