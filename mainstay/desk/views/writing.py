"""Replies, notes and drafts: what is written, kept, sent, and taken back."""

from __future__ import annotations

from http import HTTPStatus

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.cases.actions import touch
from mainstay.cases.models import Case
from mainstay.channels.actions import Stale, detach, press, retry, undo
from mainstay.channels.actions.draft import open_draft
from mainstay.channels.models import Delivery, Draft, DraftFile
from mainstay.desk.beside import agent
from mainstay.desk.casepage import answer, hat, place_of, show_case
from mainstay.desk.doors import case_form, case_page
from mainstay.desk.writing import TooLargeError, Typed, keep, keep_file, keep_files, news_beside_messages, typed_in
from mainstay.kernel import blobs, markdown
from mainstay.mail.room import NoRoom
from mainstay.people.models import Address
from mainstay.people.queries import normal_email
from mainstay.ui import files
from mainstay.ui.pages import respond
from mainstay.ui.toasts import toast


@case_form
def reply(request: HttpRequest, case: Case) -> HttpResponse:
    """Press Send. A reply waits out its undo time; when the world changed since it was begun, nothing goes out (R-43)."""
    return _press(request, case, typed_in(request, case))


@case_form
def notes(request: HttpRequest, case: Case) -> HttpResponse:
    """The same form, and whatever it says: a note."""
    return _press(request, case, typed_in(request, case, is_note=True))


def _press(request: HttpRequest, case: Case, typed: Typed) -> HttpResponse:
    person = agent(request)
    draft = keep(case, person, typed)
    if draft.state != Draft.State.WRITING:
        return _sent(request, case, draft, undo_seconds=0, again=True)
    try:
        keep_files(draft, typed, request.FILES.getlist("files"))
    except TooLargeError:
        return _stopped(request, case, _("The files are larger than 25 MB together. Nothing was sent yet."), status=413)
    except NoRoom:
        said = _("There is no room for files at the moment. Nothing was sent yet; your words are below.")
        return _stopped(request, case, said, status=HTTPStatus.INSUFFICIENT_STORAGE)
    news = "" if typed.anyway or typed.kind == Draft.Kind.NOTE else news_beside_messages(case, person, typed)
    if news:
        return _stopped(request, case, news, status=409, label=_("Send anyway"))
    seconds = hat(request).undo_seconds
    try:
        with transaction.atomic():
            # Once more inside: what was typed last is what goes out, whatever an autosave did in between.
            draft = keep(case, person, typed)
            was_first = press(draft, undo_seconds=seconds, anyway=typed.anyway, key=typed.key)
    except Stale as stale:
        return _stale(request, case, stale)
    except ValueError as missing:
        said = _("There are no words in it yet.") if str(missing) == "empty" else _("Tick at least one person who shall get it.")
        return _stopped(request, case, said, status=422)
    touch(case, by=person)
    return _sent(request, case, draft, undo_seconds=seconds, again=not was_first)


def _sent(request: HttpRequest, case: Case, draft: Draft, *, undo_seconds: int, again: bool) -> HttpResponse:
    if not again and draft.kind == Draft.Kind.NOTE:
        toast(request, _("Note added. Only your team sees it."))
    elif not again and undo_seconds:
        address = reverse("desk:sending_undo", args=[case.number, draft.key]) + place_of(request)
        toast(request, _("Sent"), undo=address, seconds=undo_seconds)
    elif not again:
        toast(request, _("Sent"))
    return answer(request, case)


def _stale(request: HttpRequest, case: Case, stale: Stale) -> HttpResponse:
    names = {str(row.author) if row.author else _("Somebody"): None for row in stale.news}
    said = ngettext(
        "%(names)s wrote while you were writing. Nothing was sent yet: read the marked message, your words are below.",
        "%(names)s wrote while you were writing. Nothing was sent yet: read the marked messages, your words are below.",
        len(stale.news),
    )
    return _stopped(
        request, case, said % {"names": ", ".join(names)}, status=409, label=_("Send anyway"), fresh=[row.pk for row in stale.news]
    )


def _stopped(request: HttpRequest, case: Case, said: str, *, status: int, label: str = "", fresh: list[int] | None = None) -> HttpResponse:
    """Nothing went out: the page as it is now, with the words kept (they are in the draft) and the reason above them."""
    typed = {"send": label, "is_stopped": True} if label else {"is_stopped": True}
    return show_case(request, case, status=status, problem=said, fresh=fresh or (), typed=typed)


@case_form
def draft(request: HttpRequest, case: Case) -> HttpResponse:
    """Keep what is being typed. What was sent meanwhile is left alone."""
    keep(case, agent(request), typed_in(request, case))
    return HttpResponse(status=204)


@case_form
def draft_preview(request: HttpRequest, case: Case) -> HttpResponse:
    """The words as they will look, with the draft's own pictures."""
    rows = DraftFile.objects.filter(draft__case=case, draft__author=agent(request), draft__state=Draft.State.WRITING)
    keys = {f"{row.key}@draft": row.key for row in rows}

    def address(content_id: str) -> str:
        return reverse("desk:draft_file", args=[case.number, keys[content_id]]) if content_id in keys else ""

    return HttpResponse(files.with_pictures(markdown.render(request.POST.get("text", "")), address))


@case_form
def draft_files(request: HttpRequest, case: Case) -> HttpResponse:
    """One file by script: 201 with what the composer has to know about it."""
    upload = request.FILES.get("file")
    if upload is None:
        return JsonResponse({"error": _("There is no file in it.")}, status=400)
    mine = open_draft(case, agent(request), key=request.GET.get("key", "")[:32])
    if mine.state != Draft.State.WRITING:
        return JsonResponse({"error": _("The reply has been sent already.")}, status=409)
    try:
        row = keep_file(mine, upload)
    except TooLargeError:
        return JsonResponse({"error": _("The files are larger than 25 MB together.")}, status=413)
    except NoRoom:
        return JsonResponse({"error": _("There is no room for files at the moment.")}, status=HTTPStatus.INSUFFICIENT_STORAGE)
    is_picture = files.is_picture(row.type, row.size)
    # The words name the picture as the mail will: by its content id.
    url = f"cid:{row.key}@draft" if is_picture else ""
    return JsonResponse({"id": row.key, "name": row.name, "size": row.size, "url": url, "picture": is_picture}, status=201)


@case_page
def draft_file(request: HttpRequest, case: Case, key: str) -> HttpResponse:
    """A picture of one's own draft; anybody else's is 404 (S-022)."""
    row = get_object_or_404(DraftFile, key=key, draft__case=case, draft__author=agent(request))
    try:
        return files.picture(blobs.read(row.hash))
    except (FileNotFoundError, files.NoPictureError):
        raise Http404 from None


@case_form
def draft_file_removal(request: HttpRequest, case: Case, key: str) -> HttpResponse:
    """Take a file off; the button stands in the composer's form, so what is typed is kept on the way."""
    person = agent(request)
    row = get_object_or_404(DraftFile, key=key, draft__case=case, draft__author=person, draft__state=Draft.State.WRITING)
    if "text" in request.POST:
        keep(case, person, typed_in(request, case))
    detach(row.draft, row.key)
    return answer(request, case)


@case_form
def sending_undo(request: HttpRequest, case: Case, key: str) -> HttpResponse:
    """Take back what was sent, while its time runs; afterwards it says that it has gone."""
    pressed = Draft.objects.filter(key=key, case=case, author=agent(request)).first()
    if pressed is None or not undo(pressed):
        toast(request, _("It has gone out already."), bad=True)
    else:
        toast(request, _("Taken back. Your words are in the composer again."))
    then = reverse("desk:case", args=[case.number]) + place_of(request)
    return respond(request, page="desk/case.html", then=then)


@case_form
def delivery_retry(request: HttpRequest, case: Case, delivery: int) -> HttpResponse:
    """Send it again, to the same or to another address of the same person."""
    row = get_object_or_404(Delivery.objects.select_related("person"), pk=delivery, message__case=case)
    address = normal_email(request.POST.get("address", ""))
    known = Address.objects.filter(person=row.person, kind=Address.Kind.EMAIL, value=address).exists()
    if address and not known:
        return show_case(
            request, case, status=422, problem=_("%(address)s is none of %(name)s's addresses.") % {"address": address, "name": row.person}
        )
    if retry(row, by=agent(request), address=address):
        toast(request, _("On its way again."))
    return answer(request, case)
