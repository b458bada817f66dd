"""What every page of the portal is shown with."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from mainstay.people.models import Team
from mainstay.portal.presence import zone_of
from mainstay.portal.queries import our_team, phones_of


def source(request: HttpRequest) -> str:
    """The client's real address, as ui's middleware found it."""
    return str(request.client_address)  # type: ignore[attr-defined]


def page(request: HttpRequest, name: str, *, team: Team | None = None, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the portal, under the name that the team's letters are signed with, in the zone of its hours; kept in no cache."""
    team = team or our_team()
    with timezone.override(zone_of(team)):
        response = render(request, f"portal/{name}.html", {"team": team, "phones": phones_of(team), **context}, status=status)
    add_never_cache_headers(response)
    return response
