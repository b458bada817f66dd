"""Until somebody is here to administer it, every page of Mainstay leads to the first run."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from mainstay.people.models import Agent

Next = Callable[[HttpRequest], HttpResponse]
FIRST_RUN = "/setup/"
OPEN = (FIRST_RUN, "/healthz", settings.STATIC_URL)

_known: set[str] = set()


def has_agents() -> bool:
    """Whether there ever was an agent. Agents are never deleted, so a yes is kept and costs no query afterwards."""
    if not _known and Agent.objects.exists():
        _known.add("agents")
    return bool(_known)


def forget() -> None:
    """Ask the database again (tests, and a database that was replaced under a running process)."""
    _known.clear()


def first_run(get_response: Next) -> Next:
    """Leads every page but static files, /healthz and the first run itself to the first run while there is no agent."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN) or has_agents():
            return get_response(request)
        return HttpResponseRedirect(FIRST_RUN, status=303)

    return middleware
