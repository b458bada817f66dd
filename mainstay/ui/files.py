"""Files that people sent, handed out so that none can do harm; desk and portal answer with these."""

from __future__ import annotations

import html as entities
import io
import re
import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.core import signing
from django.http import HttpResponse
from PIL import Image, ImageOps

from mainstay.cases.models import Attachment
from mainstay.cases.queries import messages_visible_to, visible_to
from mainstay.kernel import blobs, html
from mainstay.people.access import agent_of
from mainstay.people.models import Person

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

HARMLESS = "sandbox; default-src 'none'; frame-ancestors 'none'"
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"}
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
BYTES_CAP = 25 * 1024 * 1024
PIXELS_CAP = 40_000_000  # a decoded pixel costs up to four bytes; a camera's picture has half of these
EDGE, THUMB = 1600, 160
LINK_LIFE = 15 * 60
_SALT = "mainstay.ui.files"
_PICTURE_OF_MAIL = re.compile(r'(<img\b[^>]*?\bsrc=")cid:([^"]*)("[^>]*>)', re.I)


class NoPictureError(ValueError):
    """These bytes are not shown as a picture: another kind of file, broken, or too large to decode."""


def disposition(name: str) -> str:
    """Content-Disposition for a download (RFC 6266): a plain name for old clients, the real one by RFC 8187."""
    plain = re.sub(r"[^A-Za-z0-9 ._()+-]", "_", name)[:150] or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def download(name: str, data: bytes) -> HttpResponse:
    """The bytes as a file to keep: no browser shows, sniffs or runs it, whatever its name or type claims (S-017)."""
    response = HttpResponse(data, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = disposition(name)
    return _harmless(response)


def picture(data: bytes, *, edge: int = EDGE, framed: bool = False) -> HttpResponse:
    """The bytes as a picture that is drawn anew by us, at most `edge` pixels wide and high. Raises NoPictureError. `framed`: for a
    sandboxed frame, which has no origin and so is none of ours to the browser."""
    drawn, kind = redraw(data, edge)
    response = HttpResponse(drawn, content_type=kind)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "private, max-age=300"
    if framed:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return _harmless(response)


def redraw(data: bytes, edge: int = EDGE) -> tuple[bytes, str]:
    """Decode and encode anew, so that only pixels are left: no script, no place where it was taken. Raises NoPictureError."""
    if len(data) > BYTES_CAP:
        raise NoPictureError("too many bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > PIXELS_CAP:
                    raise NoPictureError("too many pixels")
                if opened.format == "JPEG":
                    opened.draft("RGB", (edge, edge))
                shown = ImageOps.exif_transpose(opened)
                has_alpha = shown.mode in {"RGBA", "LA", "PA"} or "transparency" in shown.info
                shown = shown.convert("RGBA" if has_alpha else "RGB")
                shown.thumbnail((edge, edge))
    except NoPictureError:
        raise
    except Exception as error:  # a decoder of hostile bytes fails in many ways, and none of them is ours to fix
        raise NoPictureError(type(error).__name__) from error
    kept = io.BytesIO()
    is_photo = not has_alpha and data[:3] == b"\xff\xd8\xff"
    shown.save(kept, "JPEG" if is_photo else "PNG", **({"quality": 85} if is_photo else {"optimize": False}))
    return kept.getvalue(), "image/jpeg" if is_photo else "image/png"


def is_picture(kind: str, size: int) -> bool:
    """Whether it is worth trying to show: by its declared type only, the bytes have their say in `picture`."""
    return kind.lower() in PICTURES and size <= BYTES_CAP


def reader_of(attachment: Attachment, person: Any) -> bool:
    """Whether this person may have the file now: a note's files are for agents who see its case, a message's for who sees the message."""
    if attachment.note is not None:
        return agent_of(person) is not None and visible_to(person).filter(pk=attachment.note.case_id).exists()
    assert attachment.message is not None
    return messages_visible_to(person, attachment.message.case).filter(pk=attachment.message.pk).exists()


def sign(key: str, person: Person) -> str:
    """Proof for the address of one file that this person asked for it a moment ago: frames without an origin send no cookie."""
    return signing.dumps([key, person.pk], salt=_SALT)


def signer_of(proof: str, key: str) -> Person | None:
    """Whom a fresh proof for this very file was made for; what they may see is asked again at each use (S-024)."""
    try:
        signed_key, person = signing.loads(proof, salt=_SALT, max_age=LINK_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Person.objects.filter(pk=person, is_active=True).first() if signed_key == key else None


def with_pictures(cleaned: str, address: Callable[[str], str]) -> SafeString:
    """Cleaned HTML whose cid: pictures point at `address(content_id)`; where that is empty, nothing is left of the picture."""

    def point(found: re.Match[str]) -> str:
        target = address(entities.unescape(found[2]))
        return f"{found[1]}{entities.escape(target)}{found[3]}" if target else ""

    return html.safe(_PICTURE_OF_MAIL.sub(point, cleaned))


def by_content_id(attachments: Iterable[Attachment]) -> dict[str, Attachment]:
    """Files by the name that their message's HTML calls them."""
    return {row.content_id.strip("<>"): row for row in attachments if row.content_id}


def original(cleaned: str) -> HttpResponse:
    """A mail's own HTML under a policy of its own: no script, no origin, nothing from elsewhere, framed by our pages only (S-007)."""
    head = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><base target="_blank">'
    response = HttpResponse(f"{head}<body>{cleaned}")
    policy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    response.headers["Content-Security-Policy"] = f"{policy}; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _harmless(response: HttpResponse) -> HttpResponse:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = HARMLESS
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    return response


def read(attachment: Attachment) -> bytes | None:
    """The file's bytes; None when they are gone (a restore without its files)."""
    try:
        return blobs.read(attachment.hash)
    except FileNotFoundError:
        return None
