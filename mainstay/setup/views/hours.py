"""Hours: calendars, and whether we are here now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from mainstay.kernel import clock
from mainstay.people.models import Team
from mainstay.promises.actions import make_calendar, revise_calendar
from mainstay.promises.models import Calendar
from mainstay.promises.queries import revision_now
from mainstay.promises.spoken import at_words, hours_words
from mainstay.promises.terms import hours_of
from mainstay.promises.worktime import NeverOpen, WorkingHours
from mainstay.setup.doors import administrators, me, page, saved
from mainstay.setup.forms.hours import CalendarForm


@administrators
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    return page(
        request, "hours", section="hours", calendars=[_row(calendar) for calendar in Calendar.objects.order_by("-is_default", "name")]
    )


def _row(calendar: Calendar) -> dict[str, object]:
    hours = hours_of(revision_now(calendar))
    teams = Team.objects.filter(calendar_use__calendar=calendar).order_by("name")
    return {
        "calendar": calendar,
        "now": now_words(hours),
        "is_open": hours.is_open(clock.now()),
        "week": hours_words(hours),
        "teams": teams,
    }


def now_words(hours: WorkingHours) -> str:
    """Whether it is open at this moment, else when it opens next, in its own zone."""
    now = clock.now()
    if hours.is_open(now):
        return gettext("open now")
    try:
        return gettext("closed now, opens %(when)s") % {"when": at_words(hours.next_open(now), now, hours)}
    except NeverOpen:
        return gettext("never open")


@administrators
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@administrators
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Calendar, pk=pk))


def _edit(request: HttpRequest, calendar: Calendar | None) -> HttpResponse:
    form = CalendarForm.of(calendar, request.POST if request.method == "POST" else None)
    if request.method == "POST" and request.POST.get("do") == "suggest":
        return _show(request, form.suggest(), calendar, 200)
    if form.is_valid() and not _is_taken(form, calendar):
        try:
            _save(request, form, calendar)
        except ValueError as sentence:
            form.add_error(None, str(sentence))
        else:
            words = (
                gettext("The hours are saved. Open promises are reckoned anew by them.") if calendar else gettext("The calendar is made.")
            )
            return saved(request, words, "hours")
    return _show(request, form, calendar, 422 if form.is_bound else 200)


def _is_taken(form: CalendarForm, calendar: Calendar | None) -> bool:
    others = Calendar.objects.filter(name__iexact=form.cleaned_data["name"])
    if (others.exclude(pk=calendar.pk) if calendar else others).exists():
        form.add_error("name", gettext("There is a calendar with this name already."))
        return True
    return False


def _save(request: HttpRequest, form: CalendarForm, calendar: Calendar | None) -> None:
    if calendar is None:
        make_calendar(form.cleaned_data["name"], by=me(request), **form.values())
    else:
        revise_calendar(calendar, by=me(request), **form.values())


def _show(request: HttpRequest, form: CalendarForm, calendar: Calendar | None, status: int) -> HttpResponse:
    return page(
        request,
        "calendar",
        section="hours",
        status=status,
        form=form,
        calendar=calendar,
        now=now_words(hours_of(revision_now(calendar))) if calendar else "",
    )
