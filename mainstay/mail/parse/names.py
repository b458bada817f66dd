"""Names of attached files as they may be shown: no path, no control or direction-changing sign, never empty (S-019)."""

from __future__ import annotations

import re
import unicodedata

CAP = 200
_PATH = re.compile(r"^.*[/\\]", re.S)
_DRIVE = re.compile(r"^[A-Za-z]:(?=.)")
_SPACES = re.compile(r"\s+")
_EXTENSIONS = {
    "text/plain": "txt", "text/html": "html", "text/calendar": "ics", "text/csv": "csv", "text/x-vcard": "vcf", "text/vcard": "vcf",
    "text/rfc822-headers": "txt", "message/rfc822": "eml", "message/delivery-status": "txt", "message/feedback-report": "txt",
    "image/png": "png", "image/jpeg": "jpg", "image/jpg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/svg+xml": "svg",
    "image/bmp": "bmp", "image/tiff": "tiff", "image/heic": "heic", "application/pdf": "pdf", "application/zip": "zip",
    "application/json": "json", "application/xml": "xml", "application/rtf": "rtf", "application/msword": "doc",
    "application/vnd.ms-excel": "xls", "application/pgp-signature": "asc", "application/pgp-keys": "asc",
    "application/pkcs7-signature": "p7s", "application/x-pkcs7-signature": "p7s", "application/pkcs7-mime": "p7m",
    "application/x-pkcs7-mime": "p7m", "application/ms-tnef": "dat", "audio/mpeg": "mp3", "audio/wav": "wav", "audio/ogg": "ogg",
    "video/mp4": "mp4", "video/quicktime": "mov",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}  # fmt: skip
_STEMS = {"message/rfc822": "message", "text/calendar": "invitation", "application/pgp-signature": "signature",
          "application/pkcs7-signature": "smime", "application/x-pkcs7-signature": "smime", "application/pkcs7-mime": "smime",
          "application/x-pkcs7-mime": "smime", "application/ms-tnef": "winmail", "message/delivery-status": "delivery-status",
          "text/rfc822-headers": "headers"}  # fmt: skip


def clean(name: str) -> str:
    """The name without a path, without signs that hide or turn letters, at most 200 characters with its ending kept."""
    shown = "".join(letter for letter in name if letter in " \t\r\n" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    shown = _DRIVE.sub("", _PATH.sub("", shown.strip()))
    shown = _SPACES.sub(" ", shown).strip(" .") if shown.strip(" .") else ""
    if len(shown) > CAP:
        stem, dot, ending = shown.rpartition(".")
        shown = f"{stem[: CAP - len(ending) - 1]}.{ending}" if dot and len(ending) <= 10 else shown[:CAP]
    return shown


def made_up(type_: str, number: int) -> str:
    """A name for a file that came without one, by its type: "image-2.png"."""
    stem = _STEMS.get(type_) or type_.partition("/")[0]
    stem = stem if stem in {"image", "audio", "video", "text"} or type_ in _STEMS else "file"
    ending = _EXTENSIONS.get(type_, "bin")
    return f"{stem}.{ending}" if number == 1 else f"{stem}-{number}.{ending}"
