"""Who gets the replies."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from mainstay.cases.actions import add_participant, remove_participant
from mainstay.cases.models import Case, Participant
from mainstay.desk.beside import agent
from mainstay.desk.casepage import answer, show_case
from mainstay.desk.doors import case_form
from mainstay.people.actions.recognise import recognise
from mainstay.people.models import Agent
from mainstay.people.queries import normal_email


@case_form
def participants(request: HttpRequest, case: Case) -> HttpResponse:
    """Add somebody by address, or say yes to somebody whom a later mail named."""
    person = agent(request)
    if request.POST.get("person"):
        offered = get_object_or_404(Participant.objects.select_related("person"), case=case, person__pk=_number(request.POST["person"]))
        add_participant(case, offered.person, by=person)
        return answer(request, case)
    address = normal_email(request.POST.get("address", ""))
    try:
        validate_email(address)
    except ValidationError:
        return show_case(request, case, status=422, problem=_("“%(address)s” does not look like an e-mail address.") % {"address": address})
    someone = recognise([(request.POST.get("name", ""), address)])[address]
    if Agent.objects.filter(person=someone, disabled_at=None).exists():
        said = _("%(name)s works here. Write a note instead: colleagues read it in the case.") % {"name": someone}
        return show_case(request, case, status=422, problem=said)
    add_participant(case, someone, by=person)
    return answer(request, case)


@case_form
def participant_removal(request: HttpRequest, case: Case) -> HttpResponse:
    row = get_object_or_404(Participant.objects.select_related("person"), case=case, person__pk=_number(request.POST.get("person", "")))
    remove_participant(case, row.person, by=agent(request))
    return answer(request, case)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
