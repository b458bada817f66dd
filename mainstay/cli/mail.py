"""`mainstay mail parse PATH...`: what the parser makes of mails, one line of JSON each; for support, tests and comparison."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from mainstay.mail.child import ParserChild, Pending, Unreadable
from mainstay.mail.parse import Letter


def parse_paths(paths: list[str], with_data: bool, out: TextIO) -> int:
    """Writes a line per mail for files and, in folders, every *.eml; "-" reads one mail from standard input.

    A mail that can't be read becomes a line with "error". Returns the exit code: 0, or 1 when there was such a line. Files are
    parsed in the limited child process, one at a time, so thousands of them need no more memory than the largest.
    """
    failed = False
    with ParserChild() as child:
        before: tuple[str, Pending] | None = None
        for path in _files(paths):
            try:
                raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
            except OSError as error:
                failed = True
                _write(out, {"path": path, "error": error.strerror or str(error)})
                continue
            # The line before is written while the child reads this mail.
            ready = before and (before[0], _line(*before, with_data))
            before = (path, child.submit(raw))
            if ready:
                failed |= "error" in ready[1]
                _write(out, ready[1])
        if before:
            line = _line(*before, with_data)
            failed |= "error" in line
            _write(out, line)
    return int(failed)


def _files(paths: list[str]) -> Iterator[str]:
    for path in paths:
        if path != "-" and Path(path).is_dir():
            yield from (str(found) for found in sorted(Path(path).rglob("*.eml")))
        else:
            yield path


def _write(out: TextIO, line: dict[str, Any]) -> None:
    out.write(json.dumps(line, ensure_ascii=False) + "\n")


def _line(path: str, pending: Pending, with_data: bool) -> dict[str, Any]:
    try:
        letter = pending.result()
    except Unreadable as failure:
        return {"path": path, "error": failure.reason}
    return {"path": path, **described(letter, with_data)}


def described(letter: Letter, with_data: bool = False) -> dict[str, Any]:
    """A letter as plain JSON values. `bounce_*` and `bounced_recipient` are there for bounces only."""
    line: dict[str, Any] = {
        "from_addr": letter.from_.address if letter.from_ else "",
        "from_name": letter.from_.name if letter.from_ else "",
        "to": [box.address for box in letter.to],
        "cc": [box.address for box in letter.cc],
        "reply_to": [box.address for box in letter.reply_to],
        "subject": letter.subject,
        "message_id": letter.message_id,
        "in_reply_to": letter.in_reply_to,
        "references": list(letter.references),
        "date": letter.date.isoformat() if letter.date else None,
        "text": letter.text,
        "visible_reply": letter.reply,
        "reply_quotes_only": letter.text[: letter.quoted_from],
        "format": letter.format,
        "attachments": [],
        "attachment_count": len(letter.attachments),
        "is_auto_reply": letter.auto_reply is not None,
        "is_bounce": letter.bounce is not None,
        "list_id": letter.list_id,
        "defects": list(letter.defects),
    }
    for file in letter.attachments:
        entry: dict[str, Any] = {"name": file.name, "type": file.type, "size": len(file.data), "sha256": file.sha256}
        if with_data:
            entry["data"] = base64.b64encode(file.data).decode("ascii")
        line["attachments"].append(entry)
    if letter.bounce:
        line |= {
            "bounced_recipient": list(letter.bounce.recipients),
            "bounce_temporary": not letter.bounce.permanent,
            "bounce_hard": letter.bounce.hard,
            "bounce_status": letter.bounce.status,
            "original_message_id": letter.bounce.original_message_id,
        }
    return line
