"""Files and the original HTML of mails, for the desk."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from mainstay.cases.models import Attachment, Message
from mainstay.cases.queries import visible_to
from mainstay.desk.beside import agent
from mainstay.desk.doors import page, signed_file
from mainstay.kernel import blobs, html
from mainstay.people.access import can
from mainstay.ui import files


@signed_file
def file(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """A file to keep, or (`?show=picture`, `?show=thumb`) a picture drawn anew. Whoever may not see its message or note gets 404,
    by session or by a proof in the address."""
    proof = request.GET.get("proof", "")
    person = files.signer_of(proof, key) if proof else request.user
    row = Attachment.objects.select_related("message__case", "note__case").filter(key=key).first()
    if row is None or person is None or not can(person, "see", "desk") or not files.reader_of(row, person):
        raise Http404
    data = files.read(row)
    if data is None:
        raise Http404
    show = request.GET.get("show", "")
    if show in {"picture", "thumb"} and files.is_picture(row.type, row.size):
        try:
            return files.picture(data, edge=files.THUMB if show == "thumb" else files.EDGE, framed=bool(proof))
        except files.NoPictureError:
            # No picture after all: what is left is a file to keep.
            return files.download(row.name, data)
    return files.download(row.name, data)


@page
def original(request: HttpRequest, message: int) -> HttpResponse:
    """A mail as it was sent, without anything that acts, in a frame without an origin (S-007)."""
    row = Message.objects.filter(pk=message, case__in=visible_to(request.user)).exclude(html="").first()
    if row is None:
        raise Http404
    try:
        cleaned = html.clean(blobs.read(row.html).decode("utf-8", "replace"))
    except FileNotFoundError:
        raise Http404 from None
    person, by_name = agent(request), files.by_content_id(row.attachments.all())

    def address(content_id: str) -> str:
        kept = by_name.get(content_id)
        if kept is None or not files.is_picture(kept.type, kept.size):
            return ""
        return f"{reverse('desk:file', args=[kept.key, 'picture'])}?show=picture&proof={files.sign(kept.key, person)}"

    return files.original(files.with_pictures(cleaned, address))
