"""How every page of this app is guarded, shown and saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.people.access import can
from mainstay.people.models import Person
from mainstay.ui.pages import respond
from mainstay.ui.toasts import toast

View = Callable[..., HttpResponse]

SECTIONS = [
    ("overview", _("Overview"), "settings"),
    ("mailboxes", _("Mailboxes"), "settings"),
    ("teams", _("Teams"), "settings"),
    ("agents", _("Agents"), "agents"),
    ("hours", _("Hours"), "settings"),
    ("severities", _("Severities and targets"), "settings"),
    ("letters", _("Acknowledgement"), "settings"),
    ("profile", _("My profile"), "desk"),
]


def only_for(verb: str, thing: str) -> Callable[[View], View]:
    """Let in who may do `verb` to `thing`: strangers are asked to sign in, everybody else reads that it is not for them."""

    def guard(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not can(request.user, verb, thing):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


def me(request: HttpRequest) -> Person:
    """Whoever came in by one of the doors."""
    assert isinstance(request.user, Person)
    return request.user


administrators = only_for("change", "settings")
agents = only_for("see", "desk")


def page(request: HttpRequest, name: str, *, section: str, status: int = 200, **context: Any) -> HttpResponse:
    """A settings page: `setup/<name>.html`, with the list of sections that this person may open."""
    sections = [
        {"url": reverse(f"setup:{key}"), "label": label, "current": key == section}
        for key, label, thing in SECTIONS
        if can(request.user, "see", thing)
    ]
    return respond(request, page=f"setup/{name}.html", context={"sections": sections, **context}, status=status)


def saved(request: HttpRequest, words: str, url_name: str, *args: Any) -> HttpResponse:
    """It went well: say so on the page that comes next."""
    toast(request, words)
    return HttpResponseRedirect(reverse(f"setup:{url_name}", args=args), status=303)
