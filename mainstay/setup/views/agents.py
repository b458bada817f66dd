"""Agents come, change and go."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mainstay.people.access import can, team_ids
from mainstay.people.actions.agents import enable_agent, invite_agent, make_invitation
from mainstay.people.models import Agent, Person
from mainstay.setup import access, actions
from mainstay.setup.doors import me, only_for, page, saved
from mainstay.setup.forms.agents import InviteForm, RoleForm
from mainstay.setup.invitations import send_invitation
from mainstay.ui.toasts import toast

leads = only_for("see", "agents")


@leads
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Everybody whom this person may look after, those who can sign in first; a lead reads the colleagues of their own teams."""
    rows = Agent.objects.select_related("person").prefetch_related("teams").order_by("person__name", "pk")
    if access.Role.ADMINISTRATOR not in access.grantable_roles(me(request)):
        rows = rows.filter(teams__in=team_ids(me(request))).distinct()
    listed = [_row(me(request), agent) for agent in rows]
    return page(
        request,
        "agents",
        section="agents",
        working=[r for r in listed if not r["is_disabled"]],
        gone=[r for r in listed if r["is_disabled"]],
    )


def _row(asker: Person, agent: Agent) -> dict[str, object]:
    return {
        "agent": agent,
        "role": agent.get_role_display(),
        "teams": ", ".join(sorted(team.name for team in agent.teams.all())),
        "has_joined": access.has_joined(agent.person),
        "is_disabled": agent.disabled_at is not None,
        "is_me": agent.person_id == asker.pk,
        "may_change": can(asker, "change", agent),
    }


@leads
@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Make an agent and the link that lets them in; the link is shown on this answer, and nowhere else."""
    form = InviteForm(request.POST if request.method == "POST" else None, asker=me(request))
    if not form.is_valid():
        return page(request, "agent_invite", section="agents", status=422 if form.is_bound else 200, form=form)
    values = form.cleaned_data
    agent, secret = invite_agent(name=values["name"], email=values["email"], role=values["role"], teams=values["teams"], by=me(request))
    return _show_link(request, agent, secret)


def _show_link(request: HttpRequest, agent: Agent, secret: str) -> HttpResponse:
    link = settings.BASE_URL + reverse("setup:join", args=[secret])
    was_mailed = send_invitation(agent.person, link, by=me(request))
    return page(request, "agent_link", section="agents", agent=agent, link=link, was_mailed=was_mailed)


@leads
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Role and teams."""
    agent = _agent(request, pk)
    now = {"role": agent.role, "teams": list(agent.teams.all())}
    form = RoleForm(request.POST if request.method == "POST" else None, asker=me(request), initial=now)
    context = {"agent": agent, "has_joined": access.has_joined(agent.person), "may_take_over": can(me(request), "take over", agent)}
    if form.is_valid():
        try:
            actions.change_role(agent, role=form.cleaned_data["role"], teams=form.cleaned_data["teams"], by=me(request))
        except actions.LastAdministrator:
            form.add_error("role", gettext("Nobody else is an administrator. Make somebody one first."))
        else:
            return saved(request, gettext("%(name)s is changed.") % {"name": agent.person}, "agents")
    return page(
        request,
        "agent",
        section="agents",
        status=422 if form.is_bound else 200,
        form=form,
        is_me=agent.person_id == me(request).pk,
        **context,
    )


@leads
@require_POST
def disable(request: HttpRequest, pk: int) -> HttpResponse:
    """Every right ends now."""
    agent = _agent(request, pk)
    if agent.person_id == me(request).pk:
        return _refused(request, gettext("You can't disable yourself; another administrator can."))
    try:
        actions.take_away(agent, by=me(request))
    except actions.LastAdministrator:
        return _refused(request, gettext("Nobody else is an administrator, so this one has to stay."))
    return saved(request, gettext("%(name)s can't sign in any more.") % {"name": agent.person}, "agents")


@leads
@require_POST
def enable(request: HttpRequest, pk: int) -> HttpResponse:
    agent = _agent(request, pk)
    enable_agent(agent, by=me(request))
    return saved(request, gettext("%(name)s is back.") % {"name": agent.person}, "agents")


@leads
@never_cache
@require_POST
def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A fresh link to set a password: for those whose invitation ran out, and for those who forgot theirs."""
    agent = _agent(request, pk, "take over")
    if agent.disabled_at is not None:
        raise Http404
    return _show_link(request, agent, make_invitation(agent.person, by=me(request)))


def _agent(request: HttpRequest, pk: int, verb: str = "change") -> Agent:
    agent = get_object_or_404(Agent.objects.select_related("person").prefetch_related("teams"), pk=pk)
    if not can(me(request), verb, agent):
        raise Http404
    return agent


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    toast(request, words, bad=True)
    return HttpResponseRedirect(reverse("setup:agents"), status=303)
