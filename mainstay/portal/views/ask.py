"""Asking, and what happens next."""

from __future__ import annotations

import time
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from mainstay.cases.models import Message
from mainstay.kernel import clock
from mainstay.mail.addresses import Directory
from mainstay.mail.room import NoRoom
from mainstay.portal import caps
from mainstay.portal.doors import page, source
from mainstay.portal.forms import AskForm, no_room, stamp
from mainstay.portal.presence import by_when, presence_of
from mainstay.portal.queries import our_team
from mainstay.portal.taking_in import ask as open_case
from mainstay.portal.taking_in import keep_files
from mainstay.promises.queries import read_by

THANKS_LIFE = 3600
_SALT = "mainstay.portal.thanks"


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form, and a new case from it. Known, unknown and blocked addresses get the same answer, after the same time (S-060)."""
    began = time.monotonic()
    if request.method != "POST":
        return _show(request, AskForm(initial={"goal": request.GET.get("goal", "")[:300], "shown": stamp()}))
    form = AskForm(request.POST, request.FILES)
    if form.is_valid() and Directory().is_own(form.cleaned_data["email"]):
        form.add_error("email", gettext("This is an address of ours; we would be writing to ourselves. Which one is yours?"))
    if not form.is_valid():
        return _again(request, form, 422)
    values = form.cleaned_data
    may_ask, answerable = caps.may_ask(values["email"], source(request))
    if not may_ask:
        form.add_error(
            None, gettext("That was a lot within one hour. Everything you wrote is still here: please send it a little later, or call us.")
        )
        return _again(request, form, 429)
    try:
        kept = keep_files(values["attached"])
    except NoRoom:
        form.add_error("attached", no_room())
        return _again(request, form, HTTPStatus.INSUFFICIENT_STORAGE)
    message = open_case(
        name=values["name"],
        email=values["email"],
        goal=values["goal"],
        text=values["words"],
        files=kept,
        team=our_team(),
        answerable=answerable,
    )
    time.sleep(max(0.0, settings.EVEN_SECONDS - (time.monotonic() - began)))
    return HttpResponseRedirect(reverse("portal:thanks", args=[_thanks(message, answerable)]), status=303)


def _again(request: HttpRequest, form: AskForm, status: int) -> HttpResponse:
    form.refresh()
    if request.FILES:
        form.add_error("attached", gettext("For your safety browsers forget chosen files: please choose them once more."))
    return _show(request, form, status)


def _show(request: HttpRequest, form: AskForm, status: int = 200) -> HttpResponse:
    team = our_team()
    return page(request, "ask", team=team, form=form, presence=presence_of(team), status=status)


def _thanks(message: Message, answerable: bool) -> str:
    """What the thank-you page says, signed: it opens nothing, and says the same to whoever typed whichever address."""
    read = read_by(message.case.team, message.at)
    return signing.dumps([message.case.number, read.isoformat() if read else "", answerable], salt=_SALT)


@require_safe
def thanks(request: HttpRequest, said: str) -> HttpResponse:
    """The number, and what happens next. The case itself is opened by the link in the mail only."""
    try:
        number, read, answerable = signing.loads(said, salt=_SALT)
        reads_at = datetime.fromisoformat(read) if read else None
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404
    team = our_team()
    when = by_when(reads_at, team) if reads_at and reads_at > clock.now() else ""
    return page(request, "thanks", team=team, number=number, when=when, answerable=answerable, presence=presence_of(team))
