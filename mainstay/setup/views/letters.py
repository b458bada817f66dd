"""The acknowledgement of each team, with a look at the real thing."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from mainstay.kernel import clock
from mainstay.letters.actions import change_acknowledgement, turn_off, turn_on
from mainstay.letters.queries import acknowledgement_of, body_of, preview
from mainstay.letters.text import PLACEHOLDERS
from mainstay.people.models import Person, Team
from mainstay.promises.queries import hours_of
from mainstay.setup.doors import administrators, me, page, saved
from mainstay.setup.forms.letters import AcknowledgementForm

SATURDAY = 5
NIGHT = time(23, 12)


@administrators
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The list of teams; with one team there is nothing to choose."""
    teams = list(Team.objects.order_by("name"))
    if len(teams) == 1:
        return HttpResponseRedirect(reverse("setup:acknowledgement", args=[teams[0].pk]))
    rows = [{"team": team, "template": acknowledgement_of(team)} for team in teams]
    return page(request, "letters", section="letters", rows=rows)


@administrators
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Text and switch; "preview" shows what was typed, and keeps nothing."""
    team = get_object_or_404(Team, pk=pk)
    template = acknowledgement_of(team)
    form = AcknowledgementForm(request.POST if request.method == "POST" else None, initial={"is_on": template.is_on, "body": body_of(team)})
    if form.is_valid() and request.POST.get("do") != "preview":
        _save(team, form, me(request))
        return saved(request, gettext("The acknowledgement of %(team)s is saved.") % {"team": team}, "acknowledgement", pk)
    status = 422 if form.is_bound and form.errors else 200
    previews = [] if form.errors else _previews(team, form.body_to_show())
    many = Team.objects.count() > 1
    return page(request, "letter", section="letters", status=status, form=form, team=team, previews=previews, words=PLACEHOLDERS, many=many)


@transaction.atomic
def _save(team: Team, form: AcknowledgementForm, by: Person) -> None:
    change_acknowledgement(team, form.cleaned_data["body"], by=by)
    (turn_on if form.cleaned_data["is_on"] else turn_off)(team, by=by)


def _previews(team: Team, body: str) -> list[dict[str, str]]:
    now, night = clock.now(), saturday_night(team)
    return [
        {"title": gettext("To somebody who writes now"), "text": preview(team, now, body)},
        {"title": gettext("To somebody who writes on Saturday night"), "text": preview(team, night, body)},
    ]


def saturday_night(team: Team) -> datetime:
    """The next Saturday at 23:12 by the team's own clock, when hardly anybody is there."""
    hours = hours_of(team)
    zone = hours.zone if hours else ZoneInfo("UTC")
    today = clock.now().astimezone(zone).date()
    day = today + timedelta(days=(SATURDAY - today.weekday()) % 7 or 7)
    return datetime.combine(day, NIGHT, zone)
