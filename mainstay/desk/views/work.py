"""What an agent decides about a case, one noun each."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from mainstay.cases import actions
from mainstay.cases.models import Case, Resolution, Severity, Wait
from mainstay.desk.beside import agent
from mainstay.desk.casepage import answer, needs_first_touch, place_of, show_case
from mainstay.desk.doors import RELATED, case_form, is_asked_by_script
from mainstay.kernel import clock
from mainstay.people.models import Person, Team
from mainstay.people.queries import working_agents
from mainstay.ui.toasts import toast

MORNING = time(9, 0)


@case_form
def touch(request: HttpRequest, case: Case) -> HttpResponse:
    """The first look: by itself a second after the case is seen, or with what the first-touch bar decided."""
    person = agent(request)
    actions.touch(case, by=person)
    if not request.POST.keys() & {"severity", "owner", "backup", "aim"}:
        # The bar stays for the decisions; the thread hears of the touch by its live hint.
        return HttpResponse(status=204) if is_asked_by_script(request) else answer(request, case)
    if request.POST.get("severity"):
        actions.set_severity(case, _severity(request), by=person)
    if request.POST.get("aim", "").strip():
        actions.set_aim(case, request.POST["aim"], by=person)
    owner, backup = _colleague(request, case, "owner"), _colleague(request, case, "backup")
    if owner is not None:
        actions.assign(case, owner=owner, backup=backup if backup != owner else None, by=person)
    return answer(request, case)


@case_form
def severity(request: HttpRequest, case: Case) -> HttpResponse:
    _looked(request, case)
    actions.set_severity(case, _severity(request), by=agent(request))
    return answer(request, case)


@case_form
def assignment(request: HttpRequest, case: Case) -> HttpResponse:
    """Owner and backup. When somebody else changed the owner since the page was read, nothing is overwritten (R-43)."""
    person = agent(request)
    with transaction.atomic():
        now = Case.objects.select_for_update(of=("self",)).select_related("owner").get(pk=case.pk)
        if "was" in request.POST and request.POST["was"] != str(now.owner_id or ""):
            return _conflict(
                request,
                case,
                _("%(name)s has it now. Look again before you give it to somebody else.") % {"name": now.owner or _("Nobody")},
            )
        owner, backup = _colleague(request, case, "owner"), _colleague(request, case, "backup")
        actions.assign(now, owner=owner, backup=backup if backup != owner else None, by=person)
    _looked(request, case)
    return answer(request, case)


@case_form
def claim(request: HttpRequest, case: Case) -> HttpResponse:
    """Take a case that nobody has. Of many who do it at once one gets it, and the others are told who (R-42)."""
    person = agent(request)
    if not actions.claim(case, by=person) and case.owner_id != person.pk:
        return _conflict(request, case, _("%(name)s was faster and has it.") % {"name": case.owner})
    _looked(request, case)
    return answer(request, case)


@case_form
def wait(request: HttpRequest, case: Case) -> HttpResponse:
    """Let it rest: until they answer, or until a moment of the agent's own day."""
    on = request.POST.get("on", Wait.On.CUSTOMER)
    if on not in Wait.On.values:
        raise BadRequest("nobody waits on that")
    try:
        until = _until(request.POST.get("until", ""), request.POST.get("moment", ""))
    except ValueError:
        return _conflict(request, case, _("That moment is over, or is none: please choose one that is still to come."))
    if case.state not in {Case.State.OPEN, Case.State.WAITING}:
        return _conflict(request, case, _("It is not open any more, so it cannot rest."))
    actions.wait(case, on=on, until=until, by=agent(request), why=request.POST.get("why", ""))
    _looked(request, case)
    toast(request, _("It rests now, and comes back by itself."), undo=_act("waking", request, case))
    return answer(request, case)


@case_form
def waking(request: HttpRequest, case: Case) -> HttpResponse:
    actions.wake(case, by=agent(request), because="agent")
    return answer(request, case)


@case_form
def resolution(request: HttpRequest, case: Case) -> HttpResponse:
    """Resolve; the customer hears nothing of it by itself."""
    how = request.POST.get("how", Resolution.How.ANSWERED)
    if how not in Resolution.How.values:
        raise BadRequest("no such way to resolve")
    known = {"yes": True, "no": False}.get(request.POST.get("was_known", ""))
    if actions.resolve(case, how=how, by=agent(request), was_known=known):
        toast(request, _("Resolved."), undo=_act("reopening", request, case))
    _looked(request, case)
    return answer(request, case)


@case_form
def reopening(request: HttpRequest, case: Case) -> HttpResponse:
    actions.reopen(case, by=agent(request))
    return answer(request, case)


@case_form
def spam(request: HttpRequest, case: Case) -> HttpResponse:
    if actions.mark_spam(case, by=agent(request)):
        toast(request, _("Marked as spam; nothing is owed on it any more."), undo=_act("spam_undo", request, case))
    return answer(request, case)


@case_form
def spam_undo(request: HttpRequest, case: Case) -> HttpResponse:
    actions.unmark_spam(case, by=agent(request))
    return answer(request, case)


@case_form
def tags(request: HttpRequest, case: Case) -> HttpResponse:
    """One or more words, by commas."""
    for name in request.POST.get("tag", "").split(",")[:10]:
        actions.tag(case, name, by=agent(request))
    return answer(request, case)


@case_form
def tag_removal(request: HttpRequest, case: Case) -> HttpResponse:
    actions.untag(case, request.POST.get("tag", ""), by=agent(request))
    return answer(request, case)


@case_form
def subject(request: HttpRequest, case: Case) -> HttpResponse:
    return _described(request, case, "subject", actions.change_subject)


@case_form
def aim(request: HttpRequest, case: Case) -> HttpResponse:
    return _described(request, case, "aim", actions.set_aim)


@case_form
def team(request: HttpRequest, case: Case) -> HttpResponse:
    """Hand it to another team; who works there sees it, who does not no longer does."""
    wanted = get_object_or_404(Team, pk=_number(request.POST.get("team", "")))
    actions.move(case, team=wanted, by=agent(request))
    toast(request, _("Moved to %(team)s.") % {"team": wanted})
    return answer(request, case)


def _described(request: HttpRequest, case: Case, name: str, change: Any) -> HttpResponse:
    """Change one text; when somebody else changed it since the page was read, both versions are shown and none is lost (R-43)."""
    value = request.POST.get(name, "")
    with transaction.atomic():
        now = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        standing = getattr(now, name)
        if "was" in request.POST and standing not in {request.POST["was"], value}:
            said = _("Somebody wrote “%(theirs)s” there meanwhile. Yours was “%(yours)s”; nothing was overwritten.")
            return _conflict(request, now, said % {"theirs": standing, "yours": value})
        change(now, value, by=agent(request))
    return answer(request, case)


def _conflict(request: HttpRequest, case: Case, said: str) -> HttpResponse:
    """Nothing was changed, and this is why: 409 with the page as it is now; a toast where only fragments are shown."""
    if is_asked_by_script(request):
        toast(request, said, bad=True)
        return answer(request, case)
    fresh = Case.objects.select_related(*RELATED).get(pk=case.pk)
    return show_case(request, fresh, status=409, problem=said)


def _looked(request: HttpRequest, case: Case) -> None:
    """Whoever decides something has read it."""
    if case.touched_at is None or needs_first_touch(case):
        actions.touch(case, by=agent(request))


def _act(name: str, request: HttpRequest, case: Case) -> str:
    return reverse(f"desk:{name}", args=[case.number]) + place_of(request)


def _severity(request: HttpRequest) -> Severity:
    return get_object_or_404(Severity, level=_number(request.POST.get("severity", "")))


def _colleague(request: HttpRequest, case: Case, name: str) -> Person | None:
    """An agent of the case's team, by the form's field; empty is nobody, anybody else is 404."""
    given = request.POST.get(name, "")
    if not given:
        return None
    owners = working_agents(case.team)
    if _number(given) in {case.owner_id, case.backup_id}:
        # Who has it already may keep it, even after leaving the team.
        return get_object_or_404(Person, pk=_number(given))
    return get_object_or_404(owners, person=_number(given)).person


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadRequest("not a number")
    return int(text)


def _until(word: str, moment: str) -> datetime | None:
    """The moment that the menu's word means in the agent's own zone; None is "until they answer". Raises ValueError."""
    zone = timezone.get_current_timezone()
    now = clock.now().astimezone(zone)
    days = {"tomorrow": 1, "monday": 7 - now.weekday(), "week": 7}
    if word == "later":
        return now + timedelta(hours=3)
    if word in days:
        return datetime.combine(now.date() + timedelta(days=days[word]), MORNING, tzinfo=zone)
    if word == "moment" or moment:
        chosen = parse_datetime(moment)
        if chosen is None:
            raise ValueError("no moment")
        chosen = chosen if chosen.tzinfo else chosen.replace(tzinfo=zone)
        if chosen <= now:
            raise ValueError("over")
        return chosen
    return None
