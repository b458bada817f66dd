"""The cases that were opened in this browser by their links: a cookie of the links themselves, so that the front page can list them.

Not a sign-in: whoever was given one link, or found it in a forwarded mail, sees that case and no other of the same person.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse

from mainstay.cases.models import Audience, Case, Participant
from mainstay.channels.links import Opened, unseal, unseal_all

COOKIE = f"{'__Secure-' if settings.SECURE else ''}cases"
PATH = "/help/"
KEPT = 12


def opened(request: HttpRequest) -> list[tuple[str, Opened]]:
    """The links that still open something, the last used first, each with its token; six queries, however many there are."""
    tokens = _tokens(request)
    links = unseal_all(tokens)
    fresh = [(token, links[token]) for token in tokens if token in links and not links[token].is_old]
    prefetch_related_objects([link.case for _token, link in fresh], "waits", "resolutions__by")
    addressed = _addressed(link for _token, link in fresh)
    return [(token, link) for token, link in fresh if link.case.state != Case.State.SPAM and _sees(link, addressed)]


def _sees(link: Opened, addressed: set[tuple[int, int]]) -> bool:
    return link.case.requester_id == link.person.pk or (link.case.pk, link.person.pk) in addressed


def _addressed(links: Iterable[Opened]) -> set[tuple[int, int]]:
    """The pairs of case and person of whom a message is for the person: `cases.queries.messages_visible_to`, for many at once."""
    pairs = [Q(message__case=link.case, person=link.person) for link in links]
    if not pairs:
        return set()
    takes_part = Participant.objects.filter(case=OuterRef("message__case"), person=OuterRef("message__author"))
    insider = Exists(takes_part.exclude(role=Participant.Role.OFFERED))
    readable = Audience.objects.filter(Q(message__is_ours=True) | Q(message__author=F("person")) | insider)
    return set(readable.filter(reduce(or_, pairs)).values_list("message__case", "person").distinct())


def remember(request: HttpRequest, response: HttpResponse, token: str) -> None:
    """Put the link in front, until the browser is closed. The newest link to a case takes the place of older ones."""
    mine = unseal(token)
    kept = [
        kept for kept, link in unseal_all(_tokens(request)).items() if mine is None or (link.case, link.person) != (mine.case, mine.person)
    ]
    response.set_cookie(COOKIE, ".".join([token, *kept][:KEPT]), path=PATH, secure=settings.SECURE, httponly=True, samesite="Lax")


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")


def _tokens(request: HttpRequest) -> list[str]:
    return [token for token in request.COOKIES.get(COOKIE, "").split(".") if token][:KEPT]
