"""Where a signature begins at the end of somebody's words; only when its form leaves little doubt."""

from __future__ import annotations

import re

from .phrases import DEVICE, PROGRAM, SIGN_OFF

_DELIMITER = re.compile(r"^\s{0,2}(?:--|__)\s*$")
_LINES_CAP = 20
_SIGNED_CAP = 8
_WIDTH_CAP = 70


def signature_at(lines: list[str], end: int, anywhere: bool = True) -> int | None:
    """The first line of the signature within `lines[:end]`, or None.

    With `anywhere` false it has to begin on the first line.
    """
    candidates = range(end) if anywhere else range(min(1, end))
    for number in candidates:
        line = lines[number]
        if len(line) > _WIDTH_CAP * 2 or not line.strip():
            continue
        if _is_delimiter(lines, number, end) or _is_device(lines, number, end) or _is_sign_off(lines, number, end):
            return number
    return None


def _is_delimiter(lines: list[str], number: int, end: int) -> bool:
    """Two dashes alone (RFC 3676 section 4.3), with a short block below."""
    if not _DELIMITER.match(lines[number]) or end - number > _LINES_CAP:
        return False
    rest = [line for line in lines[number + 1 : end] if line.strip()]
    return bool(rest) and len(rest) <= _LINES_CAP and not any(line.startswith("```") for line in rest)


def _is_device(lines: list[str], number: int, end: int) -> bool:
    """A telephone's line, alone in its paragraph. A sentence that begins alike ends with a full stop and names no program."""
    line = lines[number].strip()
    if not DEVICE.match(line) or len(line) > 80:
        return False
    if line.endswith((".", "!", "?", ",", ";", "{")) and not PROGRAM.search(line):
        return False
    above = lines[number - 1] if number else ""
    below = lines[number + 1] if number + 1 < end else ""
    return all(not near.strip() or DEVICE.match(near) is not None for near in (above, below))


def _is_sign_off(lines: list[str], number: int, end: int) -> bool:
    """A closing phrase alone on its line with a few short lines below: a name, a role, a telephone number."""
    if not SIGN_OFF.match(lines[number]):
        return False
    rest = [line.strip() for line in lines[number + 1 : end] if line.strip()]
    return 1 <= len(rest) <= _SIGNED_CAP and all(len(line) <= _WIDTH_CAP and not line.endswith(("?", "!", ":")) for line in rest)
