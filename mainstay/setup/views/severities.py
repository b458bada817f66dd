"""Severities with their targets."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from mainstay.cases.actions import set_severities
from mainstay.cases.models import Severity
from mainstay.people.models import Person
from mainstay.promises.actions import set_targets
from mainstay.setup.doors import administrators, me, page, saved
from mainstay.setup.forms.severities import SeveritiesForm


@administrators
@require_http_methods(["GET", "POST"])
def severities(request: HttpRequest) -> HttpResponse:
    form = SeveritiesForm.now(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _save(form, me(request))
        except ValueError:
            form.add_error(None, gettext("Cases stand on a level that would go, so it has to stay. Rename it instead."))
        else:
            return saved(request, gettext("The levels are saved. Open promises are reckoned anew by them."), "severities")
    return page(request, "severities", section="severities", status=422 if form.is_bound else 200, form=form)


@transaction.atomic
def _save(form: SeveritiesForm, by: Person) -> None:
    set_severities(form.levels(), default=form.cleaned_data["default"], by=by)
    rows = {row.level: row for row in Severity.objects.all()}
    set_targets({rows[level]: times for level, times in form.targets().items()}, by=by)
