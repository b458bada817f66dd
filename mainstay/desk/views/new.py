"""A case that an agent opens for a customer: somebody called, or stood in the door."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mainstay.cases.actions import Words, claim, set_severity, touch
from mainstay.cases.models import Case
from mainstay.cases.queries import visible_to
from mainstay.channels.intake import Incoming, take_in
from mainstay.desk.beside import agent, views
from mainstay.desk.doors import form, page
from mainstay.desk.forms import NewCase
from mainstay.kernel import clock
from mainstay.people.actions.recognise import recognise
from mainstay.people.models import Address, Person
from mainstay.ui.pages import respond
from mainstay.ui.toasts import toast

OFFERED = 200


@page
def new(request: HttpRequest) -> HttpResponse:
    return _page(request, NewCase(agent(request), initial={"address": request.GET.get("address", "")}))


@form
def opening(request: HttpRequest) -> HttpResponse:
    """Open it through the one door for what customers say, in their name, told by the agent."""
    person = agent(request)
    filled = NewCase(person, request.POST)
    if not filled.is_valid():
        return _page(request, filled, status=422)
    case = _open(filled, person)
    toast(request, _("Case %(number)s is open.") % {"number": case.spoken_number})
    return respond(request, page="desk/new.html", then=reverse("desk:case", args=[case.number]))


@transaction.atomic
def _open(filled: NewCase, person: Person) -> Case:
    values = filled.cleaned_data
    customer = recognise([(values["name"], values["address"])])[values["address"]]
    words = Words(author=customer, body=values["words"].replace("\r\n", "\n"), at=clock.now(), channel=values["came_by"])
    message = take_in(
        Incoming(
            words=words, sender=customer, subject=values["subject"], team=values["team"], answerable=values["acknowledge"],
            language=customer.language, actor=person,
        )
    )  # fmt: skip
    case = message.case
    touch(case, by=person)
    set_severity(case, values["severity"], by=person)
    if values["take"]:
        claim(case, by=person)
    return case


def _page(request: HttpRequest, filled: NewCase, status: int = 200) -> HttpResponse:
    context = {**views(request), "form": filled, "known_people": _known(agent(request))}
    return respond(request, page="desk/new.html", context=context, status=status)


def _known(person: Person) -> list[Address]:
    """Addresses of people in cases that the agent may see, the latest first (S-046: nobody else's)."""
    cases = visible_to(person)
    people = Person.objects.filter(Q(cases__in=cases) | Q(takes_part__case__in=cases)).distinct().order_by("-pk")[:OFFERED]
    found = Address.objects.filter(kind=Address.Kind.EMAIL, person__in=[row.pk for row in people]).select_related("person")
    return list(found.order_by("person__name", "value"))
