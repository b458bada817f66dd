"""Teams: who answers, in which voice, by which telephone."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from mainstay.people.actions.profile import change_team, make_team
from mainstay.people.models import Person, Team
from mainstay.promises.actions import use_calendar
from mainstay.promises.models import CalendarUse
from mainstay.setup.doors import administrators, me, page, saved
from mainstay.setup.forms.teams import TeamForm

WORKING = Count("agents", filter=Q(agents__disabled_at=None))


@administrators
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    return page(
        request, "teams", section="teams", teams=Team.objects.annotate(people=WORKING).prefetch_related("mailboxes").order_by("name")
    )


@administrators
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    form = TeamForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return page(request, "team", section="teams", status=422 if form.is_bound else 200, form=form)
    team = _make(form, me(request))
    return saved(request, gettext("The team %(name)s is made.") % {"name": team}, "teams")


@administrators
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    use = CalendarUse.objects.filter(team=team).first()
    now = {"name": team.name, "voice": team.voice, "phones": team.phones, "calendar": use.calendar_id if use else None}
    form = TeamForm(request.POST if request.method == "POST" else None, team=team, initial=now)
    if not form.is_valid():
        return page(request, "team", section="teams", status=422 if form.is_bound else 200, form=form, team=team)
    _change(team, form, me(request))
    return saved(request, gettext("The team %(name)s is saved.") % {"name": team}, "teams")


@transaction.atomic
def _make(form: TeamForm, by: Person) -> Team:
    values = form.cleaned_data
    team = make_team(values["name"], voice=values["voice"], phones=values["phones"], by=by)
    if values.get("calendar"):
        use_calendar(team, values["calendar"], by=by)
    return team


@transaction.atomic
def _change(team: Team, form: TeamForm, by: Person) -> None:
    values = form.cleaned_data
    change_team(team, by=by, name=values["name"], voice=values["voice"], phones=values["phones"])
    if "calendar" in form.changed_data:
        use_calendar(team, values["calendar"], by=by)
