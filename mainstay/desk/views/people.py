"""People: who they are, and their cases that the agent may see."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mainstay.cases.queries import visible_to
from mainstay.desk.about import facts_of
from mainstay.desk.beside import agent, views
from mainstay.desk.doors import page, person_form, person_page
from mainstay.desk.keyset import Order, cursors_of, page_of
from mainstay.desk.queues import NEWEST_FIRST
from mainstay.desk.rows import rows_of, with_rows
from mainstay.kernel import clock
from mainstay.people.actions.block import block_sender, unblock_sender
from mainstay.people.models import Address, Agent, Block, Person
from mainstay.ui.pages import respond
from mainstay.ui.toasts import toast

BY_AGE = Order(("-pk",))


@page
def people(request: HttpRequest) -> HttpResponse:
    """Customers in the agent's cases, the latest first; `?q=` narrows by name, address or organization."""
    text = request.GET.get("q", "")[:200].strip()
    found = page_of(_known(agent(request), text), BY_AGE, now=clock.now(), cursors=cursors_of(request))

    def address(**cursor: str) -> str:
        return f"{reverse('desk:people')}?{urlencode({'q': text, **cursor})}"

    context = {
        **views(request),
        "place": "people",
        "text": text,
        "people": found.rows,
        "newer": address(before=found.newer) if found.newer else "",
        "older": address(after=found.older) if found.older else "",
    }
    return respond(request, page="desk/people.html", context=context)


@person_page
def person(request: HttpRequest, someone: Person) -> HttpResponse:
    """Addresses, organization, and the cases they asked or take part in, as far as the agent may see them."""
    addresses = list(Address.objects.filter(person=someone).order_by("pk"))
    blocked = {
        row.value: row for row in Block.objects.filter(value__in=[row.value for row in addresses], lifted_at=None).select_related("by")
    }
    cases = visible_to(request.user).filter(Q(requester=someone) | Q(participants__person=someone)).distinct()
    found = page_of(with_rows(cases), NEWEST_FIRST, now=clock.now(), cursors=cursors_of(request))
    url = reverse("desk:person", args=[someone.pk])
    context = {
        **views(request),
        "someone": someone,
        "is_agent": Agent.objects.filter(person=someone, disabled_at=None).exists(),
        "facts": facts_of(someone, addresses),
        "addresses": [{"value": row.value, "block": blocked.get(row.value)} for row in addresses if row.kind == Address.Kind.EMAIL],
        "rows": rows_of(found.rows),
        "newer": f"{url}?before={found.newer}" if found.newer else "",
        "older": f"{url}?after={found.older}" if found.older else "",
    }
    return respond(request, page="desk/person.html", context=context)


@person_form
def block(request: HttpRequest, someone: Person) -> HttpResponse:
    """Set aside what this address sends from now on. Colleagues cannot be blocked."""
    address = _address(request, someone)
    if Agent.objects.filter(person=someone).exists():
        raise Http404
    block_sender(address, by=agent(request))
    undo = reverse("desk:block_undo", args=[someone.pk])
    toast(request, _("Mail from %(address)s is set aside from now on.") % {"address": address}, undo=f"{undo}?address={address}")
    return respond(request, page="desk/person.html", then=_back(request, someone))


@person_form
def block_undo(request: HttpRequest, someone: Person) -> HttpResponse:
    unblock_sender(_address(request, someone), by=agent(request))
    toast(request, _("Their mail comes in again."))
    return respond(request, page="desk/person.html", then=_back(request, someone))


def _known(person: Person, text: str) -> QuerySet[Person]:
    cases = visible_to(person)
    found = (
        Person.objects.filter(Q(cases__in=cases) | Q(takes_part__case__in=cases))
        .select_related("organization")
        .prefetch_related("addresses")
    )
    for word in text.split()[:8]:
        named = Q(name__icontains=word) | Q(organization__name__icontains=word)
        found = found.filter(named | Q(pk__in=Address.objects.filter(value__icontains=word).values("person")))
    return found.distinct()


def _address(request: HttpRequest, someone: Person) -> str:
    """One of this person's own addresses; any other is 404 (S-048)."""
    value = request.POST.get("address") or request.GET.get("address") or ""
    row = Address.objects.filter(person=someone, kind=Address.Kind.EMAIL, value=value).first()
    if row is None:
        raise Http404
    return row.value


def _back(request: HttpRequest, someone: Person) -> str:
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else reverse("desk:person", args=[someone.pk])
