"""Which parts are the words and which are files: the plain text, the HTML, and the attachments of a tree of parts."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from . import headers, names, tnef
from .charsets import codec, decode
from .letter import File
from .mime import Part, payload, uudecode
from .words import decode_words

TEXT_CAP = 1_000_000
_REPORTS = {"message/delivery-status", "message/global-delivery-status", "message/feedback-report", "message/rfc822", "message/global",
            "text/rfc822-headers", "message/rfc822-headers"}  # fmt: skip
FILES_CAP = 500
_META_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_.:-]{1,40})", re.I)
_UU_FILE = re.compile(rb"(?:^|\n)begin [0-7]{3,4} [^\r\n]{1,200}\r?\n(?:[ -`]{1,62}\r?\n){1,200000}?end(?:\r?\n|$)")
_FLOWED_STUFFING = re.compile(r"(?m)^ (?=[ >]|From )")


@dataclass(slots=True)
class Content:
    """What the walk has found so far."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    reports: list[Part] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


def gather(root: Part) -> Content:
    """Walks the tree once; the depth was bounded when it was read."""
    content = Content()
    _walk(root, content, "multipart/mixed", root)
    return content


def _walk(part: Part, content: Content, parent: str, root: Part) -> None:
    if part.children:
        if part.type == "multipart/alternative":
            _alternative(part, content, root)
        else:
            for child in part.children:
                _walk(child, content, part.type, root)
    elif part.type.startswith("multipart/"):
        return
    elif _is_words(part, parent):
        _words(part, content)
    else:
        _file(part, content, parent)


def _alternative(part: Part, content: Content, root: Part) -> None:
    """Versions of the same words: the first plain one and the last HTML one count; what else stands there is kept as a file."""
    versions = [Content() for _ in part.children]
    for child, version in zip(part.children, versions, strict=True):
        _walk(child, version, part.type, root)
    plain = next((version.plain for version in versions if any(text.strip() for text in version.plain)), [])
    html = next((version.html for version in reversed(versions) if version.html), [])
    content.plain += plain
    content.html += html
    for version in versions:
        content.files += version.files
        content.reports += version.reports
        content.defects += version.defects


def _is_words(part: Part, parent: str) -> bool:
    if part.type not in {"text/plain", "text/html"} or part.disposition == "attachment":
        return False
    return not _given_name(part)


def _words(part: Part, content: Content) -> None:
    data = payload(part, content.defects)
    if len(data) > TEXT_CAP:
        content.defects.append("the text is longer than is shown")
        data = data[:TEXT_CAP]
    label = part.charset
    if part.type == "text/html":
        if not label or codec(label) is None:
            found = _META_CHARSET.search(data, 0, 4_000)
            label = found[1].decode("ascii") if found else label
        text, defect = decode(data, label)
        content.html.append(text)
    else:
        data = _without_uuencoded(data, content)
        text, defect = decode(data, label)
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, part.parameters.get("delsp", "").lower() == "yes")
        content.plain.append(text.replace("\r\n", "\n").replace("\r", "\n"))
    if defect:
        content.defects.append(defect)


def _without_uuencoded(data: bytes, content: Content) -> bytes:
    """Files that old programs wrote into the text itself."""
    if b"\nbegin " not in data and not data.startswith(b"begin "):
        return data

    def taken(found: re.Match[bytes]) -> bytes:
        unpacked = uudecode(found[0])
        if unpacked is None or len(content.files) >= FILES_CAP:
            return found[0]
        line = found[0].lstrip(b"\n").split(b"\n", 1)[0].split(b" ", 2)
        name = names.clean(decode(line[2].strip())[0])
        content.files.append(_made(name, "application/octet-stream", unpacked, content))
        return b"\n"

    return _UU_FILE.sub(taken, data)


def unflow(text: str, delete_space: bool) -> str:
    """Lines that were broken for the way are joined again (RFC 3676); quoted ones only with their own level."""
    out: list[str] = []
    joinable, level = False, -1
    for line in text.replace("\r\n", "\n").split("\n"):
        bare = line.lstrip(">") if line.startswith(">") else line
        quotes = len(line) - len(bare)
        bare = bare[1:] if bare.startswith(" ") else bare
        if joinable and quotes == level and bare != "-- ":
            out[-1] = (out[-1][:-1] if delete_space else out[-1]) + bare
        else:
            out.append(">" * quotes + (" " if quotes and bare else "") + bare)
        joinable, level = bare.endswith(" ") and bare != "-- ", quotes
    return "\n".join(out)


def _given_name(part: Part) -> str:
    name = part.disposition_parameters.get("filename") or part.parameters.get("name") or ""
    return names.clean(name)


def _file(part: Part, content: Content, parent: str) -> None:
    if part.type in _REPORTS:
        content.reports.append(part)
    if len(content.files) >= FILES_CAP:
        content.defects.append("too many attachments")
        return
    data = payload(part, content.defects)
    name = _given_name(part)
    if not data and part.type.startswith("image/"):
        return  # a program has taken the picture out and left the frame
    if part.type in {"message/rfc822", "message/global"} and not name:
        name = _subject_name(data)
    content_id = decode_words(part.headers.raw("content-id")).strip().strip("<>").strip()[:500]
    inline = (bool(content_id) and part.disposition != "attachment" and parent != "multipart/mixed") or part.disposition == "inline"
    content.files.append(_made(name, part.type, data, content, content_id, inline))
    if data.startswith(tnef.SIGNATURE):
        for packed in tnef.unpack(data)[: FILES_CAP - len(content.files)]:
            content.files.append(_made(packed.name, packed.type or "application/octet-stream", packed.data, content, packed.content_id))


def _made(name: str, type_: str, data: bytes, content: Content, content_id: str = "", inline: bool = False) -> File:
    number = 1 + sum(file.type == type_ for file in content.files) if len(content.files) < 50 else len(content.files) + 1
    return File(name or names.made_up(type_, number), type_, data, content_id, inline, hashlib.sha256(data).hexdigest())


def _subject_name(data: bytes) -> str:
    found, _ = headers.split(data, 0, min(len(data), 64_000), top=True)
    subject = names.clean(found.text("subject").replace("/", "-").replace("\\", "-"))
    return f"{subject[:180]}.eml" if subject else ""
