"""The front door, and the front page of the help."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from mainstay.people.access import can
from mainstay.portal import opened
from mainstay.portal.doors import page
from mainstay.portal.presence import presence_of
from mainstay.portal.queries import our_team, who_helps
from mainstay.portal.showing import safe_name, standing_of
from mainstay.ui.toasts import toast


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The bare address: agents come to the desk, everybody else to the help. In the demo strangers first choose who they are."""
    if can(request.user, "see", "desk"):
        return HttpResponseRedirect("/desk/")
    if settings.DEMO and not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("setup:demo"))
    return HttpResponseRedirect(reverse("portal:home"))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What are you trying to get done? Below it who helps, when, by telephone, and the cases that were opened here by their links."""
    team = our_team()
    cases = [
        {
            "url": reverse("portal:case", args=[token]),
            "number": link.case.number,
            "subject": link.case.subject,
            "with": link.case.owner.first_name if link.case.owner and safe_name(link.case.owner) else "",
            "standing": standing_of(link.case),
        }
        for token, link in opened.opened(request)
    ]
    return page(request, "home", team=team, presence=presence_of(team), people=who_helps(team), cases=cases)


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """The list of opened cases is forgotten in this browser; the links in the mails still work."""
    response = HttpResponseRedirect(reverse("portal:home"), status=303)
    opened.forget(response)
    toast(request, gettext("This browser has forgotten your cases. The links in our mails still open them."))
    return response
