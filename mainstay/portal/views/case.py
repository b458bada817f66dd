"""One case, by the link that was mailed to somebody who takes part in it."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from mainstay.cases.models import Attachment
from mainstay.cases.queries import messages_visible_to
from mainstay.channels.links import Opened, seal, unseal
from mainstay.kernel import ids
from mainstay.letters.actions import mail_link
from mainstay.mail.room import NoRoom
from mainstay.portal import caps, opened, showing
from mainstay.portal.doors import page, source
from mainstay.portal.forms import AddForm, no_room
from mainstay.portal.taking_in import add, keep_files
from mainstay.ui import files
from mainstay.ui.toasts import toast


@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, token: str) -> HttpResponse:
    """Reading changes nothing, since mail scanners read too (S-092); a form adds words. One answer for every link that opens nothing."""
    link = _opened(token)
    if link.is_old:
        return _old(request, link)
    form = AddForm(request.POST, request.FILES) if request.method == "POST" else None
    status = 200
    if form is not None:
        if not link.takes_part:
            raise Http404
        if not form.is_valid():
            status = 422
        elif not caps.may_add(ids.digest(f"{link.case.pk} {link.person.pk}"), source(request)):
            form.add_error(None, gettext("That was a lot within one hour. Please send this a little later, or answer our mail."))
            status = 429
        else:
            try:
                return _added(request, link, token, form)
            except NoRoom:
                form.add_error("attached", no_room())
                status = HTTPStatus.INSUFFICIENT_STORAGE
        if request.FILES:
            form.add_error("attached", gettext("For your safety browsers forget chosen files: please choose them once more."))
    return _show(request, link, token, form, status)


def _old(request: HttpRequest, link: Opened) -> HttpResponse:
    """The link opens nothing any more, and is still worth a fresh one, which goes to its person's own address and to nobody who merely
    has the old one. One answer, whatever became of it (S-060)."""
    if request.method == "POST" and "fresh" in request.POST:
        if caps.may_add(ids.digest(f"{link.case.pk} {link.person.pk}"), source(request)):
            mail_link(link.case, link.person)
        toast(request, gettext("A fresh link is on its way, to the address that our mails about this case go to."))
        return HttpResponseRedirect(request.path, status=303)
    return page(request, "old_link", team=link.case.team, status=410)


def _added(request: HttpRequest, link: Opened, token: str, form: AddForm) -> HttpResponse:
    message = add(link.case, link.person, text=form.cleaned_data["words"], files=keep_files(form.cleaned_data["attached"]))
    if message.case_id != link.case.pk:
        toast(request, gettext("This is a new case now, linked to the old one."))
        token = seal(message.case, link.person)
    else:
        toast(request, gettext("We have it. Thank you."))
    return HttpResponseRedirect(reverse("portal:case", args=[token]) + "#newest", status=303)


def _show(request: HttpRequest, link: Opened, token: str, form: AddForm | None, status: int) -> HttpResponse:
    response = page(
        request,
        "case",
        team=link.case.team,
        status=status,
        case=link.case,
        reader=link.person,
        standing=showing.standing_of(link.case),
        next=showing.next_of(link.case, link.person),
        entries=showing.entries_of(link, token),
        form=(form or AddForm()) if link.takes_part else None,
    )
    opened.remember(request, response, token)
    return response


@require_safe
def file(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """A file of a message that this person may read, now (S-024); never one of a note."""
    link = _opened(token)
    readable = messages_visible_to(link.person, link.case).filter(is_letter=False)
    attachment = Attachment.objects.filter(key=key, message__in=readable).first()
    data = files.read(attachment) if attachment and not link.is_old else None
    if attachment is None or data is None:
        raise Http404
    return files.download(attachment.name, data)


def _opened(token: str) -> Opened:
    """What the link opens, if it is ours and its person still sees something of the case."""
    link = unseal(token)
    if link is None or not messages_visible_to(link.person, link.case).exists():
        raise Http404
    return link
