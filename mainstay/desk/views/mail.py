"""Mails that are not simply in a case, and (in the demo) the mails that left."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from mainstay.cases.queries import visible_to
from mainstay.channels.models import Delivery
from mainstay.desk.beside import agent, views
from mainstay.desk.doors import form, page
from mainstay.desk.keyset import Order, cursors_of, page_of
from mainstay.desk.thread import words_of
from mainstay.kernel import blobs, clock
from mainstay.mail import actions, queries, sentmail
from mainstay.mail.models import RawMail
from mainstay.people.access import can
from mainstay.search.words import number_in
from mainstay.ui.pages import respond
from mainstay.ui.toasts import toast

NEWEST = Order(("-pk",))
SOURCE_CAP = 200_000
SENT_ON_A_PAGE = 20
ANSWER_CAP = 5_000


@page
def quarantine(request: HttpRequest) -> HttpResponse:
    """What waits for somebody's decision, and why."""
    return _quarantine(request)


@page
def raw(request: HttpRequest, mail: int) -> HttpResponse:
    """The mail's own bytes, as text: nothing in it is interpreted."""
    row = _mail(request, mail)
    state = f"{row.get_state_display()} · {row.reason_in_words or row.reason}" if row.reason else row.get_state_display()
    source = {"subject": row.subject, "state": state, "at": row.received_at, "hash": row.hash}
    return _source(request, source, place="quarantine", back=_("Back to the quarantine"))


@form
def letting_in(request: HttpRequest, mail: int) -> HttpResponse:
    """File it whatever the guard thinks; or, where it proves no case, as a case of its own."""
    row = _mail(request, mail)
    act = actions.release_as_case if request.POST.get("as") == "case" else actions.let_in
    return _done(request, act(row, by=agent(request)), _("It is let in; its case opens in a moment."))


@form
def retry(request: HttpRequest, mail: int) -> HttpResponse:
    return _done(request, actions.retry(_mail(request, mail), by=agent(request)), _("It is read once more."))


@form
def attachment(request: HttpRequest, mail: int) -> HttpResponse:
    """Put it to a case that the agent may work on."""
    row, number = _mail(request, mail), number_in(request.POST.get("number", ""))
    case = visible_to(request.user).filter(number=number).first() if number else None
    if case is None or not can(request.user, "work", case):
        return _quarantine(request, status=422, problem=_("There is no case with that number that you work on."))
    said = _("It is put to case %(number)s in a moment.") % {"number": case.spoken_number}
    return _done(request, actions.attach_to_case(row, case, by=agent(request)), said)


@form
def discarding(request: HttpRequest, mail: int) -> HttpResponse:
    return _done(request, actions.discard(_mail(request, mail), by=agent(request)), _("Thrown away. Its receipt stays in the log."))


@page
def sent(request: HttpRequest) -> HttpResponse:
    """The demo has no mail server: what left is shown here, and can be answered as its reader would."""
    if not settings.DEMO:
        raise Http404
    rows = queries.sent_mail(request.user).select_related("message__author").prefetch_related("message__attachments")
    found = page_of(rows, NEWEST, now=clock.now(), size=SENT_ON_A_PAGE, cursors=cursors_of(request))
    url = reverse("desk:sent")
    context = {
        **views(request),
        "place": "sent",
        "mails": [{"row": row, "body": words_of(row.message, list(row.message.attachments.all()))[0]} for row in found.rows],
        "newer": f"{url}?before={found.newer}" if found.newer else "",
        "older": f"{url}?after={found.older}" if found.older else "",
    }
    return respond(request, page="desk/sent.html", context=context)


@page
def sent_source(request: HttpRequest, delivery: int) -> HttpResponse:
    """What left, as its reader's mail program had it: parts, threading and all."""
    row = _sent_mail(request, delivery)
    case = row.message.case
    source = {"subject": case.subject or case.spoken_number, "state": row.get_state_display(), "at": row.message.at, "hash": row.copy}
    return _source(request, source, place="sent", back=_("Back to the sent mail"))


@form
def sent_answer(request: HttpRequest, delivery: int) -> HttpResponse:
    text = request.POST.get("text", "")[:ANSWER_CAP].strip() or _("Thank you, that did it!")
    return _as_customer(
        request, delivery, lambda row: sentmail.answer_as_customer(row, text), _("Answered as %(name)s; it comes in by mail.")
    )


@form
def sent_absence(request: HttpRequest, delivery: int) -> HttpResponse:
    return _as_customer(request, delivery, sentmail.out_of_office, _("%(name)s is out of the office now."))


@form
def sent_bounce(request: HttpRequest, delivery: int) -> HttpResponse:
    return _as_customer(request, delivery, sentmail.bounce, _("The mail to %(name)s comes back."))


def _as_customer(request: HttpRequest, delivery: int, act: Callable[[Delivery], None], said: str) -> HttpResponse:
    row = _sent_mail(request, delivery)
    try:
        act(row)
    except (OSError, smtplib.SMTPException, LookupError):
        toast(request, _("The mail listener does not answer, so nothing was sent."), bad=True)
    else:
        toast(request, said % {"name": row.person})
    return respond(request, page="desk/sent.html", then=reverse("desk:sent"))


def _sent_mail(request: HttpRequest, delivery: int) -> Delivery:
    if not settings.DEMO:
        raise Http404
    return get_object_or_404(queries.sent_mail(request.user), pk=delivery)


def _source(request: HttpRequest, mail: dict[str, Any], *, place: str, back: str) -> HttpResponse:
    """A mail's bytes as text, as many as a page can hold."""
    try:
        data = blobs.read(mail["hash"])
    except FileNotFoundError:
        data = b""
    source = data[:SOURCE_CAP].decode("utf-8", "replace")
    shown = {"mail": mail, "source": source, "is_cut": len(data) > SOURCE_CAP, "back": back, "back_url": reverse(f"desk:{place}")}
    return respond(request, page="desk/raw.html", context={**views(request), "place": place, **shown})


def _quarantine(request: HttpRequest, *, status: int = 200, problem: str = "") -> HttpResponse:
    found = page_of(queries.on_hold(request.user), NEWEST, now=clock.now(), cursors=cursors_of(request))
    url = reverse("desk:quarantine")
    context = {
        **views(request),
        "place": "quarantine",
        "mails": found.rows,
        "problem": problem,
        "newer": f"{url}?before={found.newer}" if found.newer else "",
        "older": f"{url}?after={found.older}" if found.older else "",
    }
    return respond(request, page="desk/quarantine.html", context=context, status=status)


def _mail(request: HttpRequest, key: int) -> RawMail:
    row = queries.visible_to(request.user).select_related("mailbox", "message__case").filter(pk=key).first()
    if row is None or not can(request.user, "work", row):
        raise Http404
    return row


def _done(request: HttpRequest, did: bool, said: str) -> HttpResponse:
    toast(request, said if did else _("Somebody settled it already."), bad=not did)
    return respond(request, page="desk/quarantine.html", then=reverse("desk:quarantine"))
