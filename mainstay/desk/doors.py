"""Who may come in. Every view of the desk wears one of these, so a test can list all addresses with what they ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django_htmx.middleware import HtmxDetails

from mainstay.cases.models import Case
from mainstay.cases.queries import visible_to
from mainstay.people.access import can
from mainstay.people.models import Person

View = Callable[..., HttpResponse]
READING = ("GET", "HEAD")
RELATED = ("requester", "requester__organization", "organization", "team", "severity", "owner", "backup")


@dataclass(frozen=True)
class Door:
    """What a view asks for: its method, what its address names ("desk", "case", "person", "file"), and the verb to be allowed."""

    method: str
    on: str
    verb: str


def is_asked_by_script(request: HttpRequest) -> bool:
    """Whether htmx asks, and gets fragments."""
    return bool(HtmxDetails(request))


def page(view: View) -> View:
    """A page of the desk, for agents."""
    return _guarded(view, Door("GET", "desk", "see"), _nothing)


def form(view: View) -> View:
    """A change that concerns no single case."""
    return _guarded(view, Door("POST", "desk", "see"), _nothing)


def case_page(view: View) -> View:
    """What is shown of one case; the view gets the case in place of its number. 404 for a case that the agent may not see."""
    return _guarded(view, Door("GET", "case", "see"), _case)


def case_form(view: View) -> View:
    """A change to one case, for those who may work on it."""
    return _guarded(view, Door("POST", "case", "work"), _case)


def person_page(view: View) -> View:
    """What is shown of one person; 404 for one whom the agent may not see."""
    return _guarded(view, Door("GET", "person", "see"), _person)


def person_form(view: View) -> View:
    return _guarded(view, Door("POST", "person", "see"), _person)


def signed_file(view: View) -> View:
    """A file: the view itself decides, since a signed address may open it without a session (inside a sandboxed frame)."""
    view.door = Door("GET", "file", "see")  # type: ignore[attr-defined]
    return view


def _guarded(view: View, door: Door, find: Callable[[HttpRequest, Door, dict[str, Any]], None]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, **named: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _sign_in(request)
        if not can(request.user, "see", "desk"):
            raise PermissionDenied
        allowed = READING if door.method == "GET" else (door.method,)
        if request.method not in allowed:
            return HttpResponseNotAllowed(allowed)
        find(request, door, named)
        return view(request, **named)

    guarded.door = door  # type: ignore[attr-defined]
    return guarded


def _sign_in(request: HttpRequest) -> HttpResponse:
    if is_asked_by_script(request) or request.headers.get("Sec-Fetch-Mode") == "cors":
        # A sign-in page swapped into a fragment helps nobody: the script says it, and what was typed stays.
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path() if request.method in READING else "/")


def _nothing(request: HttpRequest, door: Door, named: dict[str, Any]) -> None:
    return


def _case(request: HttpRequest, door: Door, named: dict[str, Any]) -> None:
    case: Case | None = visible_to(request.user).select_related(*RELATED).filter(number=named.pop("number")).first()
    if case is None or not can(request.user, "see", case):
        raise Http404
    if not can(request.user, door.verb, case):
        raise PermissionDenied
    named["case"] = case


def _person(request: HttpRequest, door: Door, named: dict[str, Any]) -> None:
    someone = Person.objects.select_related("organization").filter(pk=named.pop("person")).first()
    if someone is None or not can(request.user, door.verb, someone):
        raise Http404
    named["someone"] = someone
