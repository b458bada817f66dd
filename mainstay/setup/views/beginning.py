"""Coming in: the first run, an invitation, and the demo's open door."""

from __future__ import annotations

import re

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mainstay.people.actions import agents as people
from mainstay.people.actions.profile import change_person
from mainstay.people.models import Person
from mainstay.people.queries import working_agents
from mainstay.setup import actions, code, middleware
from mainstay.setup.doors import saved
from mainstay.setup.forms.beginning import FirstRunForm, JoinForm
from mainstay.ui.toasts import toast

BACKEND = "mainstay.ui.accounts.Backend"
SECRET = re.compile(r"[0-9a-f]{32}\Z")


@never_cache
@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """Makes the first administrator and what a desk stands on. Closed for ever once there is an agent (S-057)."""
    if middleware.has_agents():
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = FirstRunForm(data, needs_code=not code.is_local(request), initial={"code": request.GET.get("code", "")[:80]})
    if not form.is_valid():
        return render(request, "setup/first_run.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        person = actions.begin(form.beginning())
    except actions.AlreadySetUp:
        raise Http404
    code.forget_code()
    login(request, person, backend=BACKEND)
    return saved(request, gettext("Welcome, %(name)s. Mainstay stands.") % {"name": person.first_name}, "overview")


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """An invitation's link. Looking changes nothing (mail scanners look too); whatever is wrong with it, the answer is one (S-064)."""
    person = people.invited(secret) if SECRET.match(secret) else None
    if person is None:
        return render(request, "setup/join_over.html", status=404)
    form = JoinForm(request.POST if request.method == "POST" else None, person=person)
    if not form.is_valid():
        return render(request, "setup/join.html", {"form": form, "person": person}, status=422 if form.is_bound else 200)
    joined = people.join(secret, form.cleaned_data["password"])
    if joined is None:
        return render(request, "setup/join_over.html", status=404)
    change_person(joined, by=joined, time_zone=form.cleaned_data["time_zone"])
    return _come_in(request, joined)


def _come_in(request: HttpRequest, person: Person) -> HttpResponse:
    # A new password is no second factor: who has one shows it, or a link in a mail would be a way around it (S-067).
    if not Authenticator.objects.filter(user=person).exists():
        login(request, person, backend=BACKEND)
    toast(request, gettext("Your password is set. Welcome, %(name)s.") % {"name": person.first_name})
    return HttpResponseRedirect("/" if request.user.is_authenticated else settings.LOGIN_URL, status=303)


@never_cache
@require_GET
def demo_agents(request: HttpRequest) -> HttpResponse:
    """Who one can be in the demo."""
    if not settings.DEMO:
        raise Http404
    return render(request, "setup/demo.html", {"people": working_agents().prefetch_related("teams")})


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One click signs in as a demo agent; only in the demo, which listens on this machine only."""
    if not settings.DEMO:
        raise Http404
    wanted = request.POST.get("agent", "")
    agent = get_object_or_404(working_agents(), pk=int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0)
    login(request, agent.person, backend=BACKEND)
    return HttpResponseRedirect("/", status=303)
