"""Where the newest words end: our own marker first, then what mail programs write above a quote, then the quoted lines.

When in doubt nothing is cut: answers between the quoted lines or below them stay whole, and so do forwards. The text itself is
never changed, so a wrong cut hides words from the first view only. Each line is looked at a bounded number of times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .phrases import FORWARD, HEADER, ORIGINAL, STARTS, WROTE
from .signatures import signature_at

# Our notices carry this line, with words in any language between the marks; a quote of it is ours for certain.
MARKER = re.compile(r"^##-\s[^\n]{1,300}?\s-##(?:\s|$)")
MARKER_SELECTOR = "[data-mainstay-reply-above]"
# Elements in which mail programs put what they quote, ours first; and elements behind which everything is quoted. Forwards
# (moz-forward-container) aren't among them.
QUOTE_ELEMENTS = ", ".join(
    (
        MARKER_SELECTOR,
        ".gmail_quote",
        "blockquote[type=cite]",
        ".moz-cite-prefix",
        ".yahoo_quoted",
        ".yahooQuotedBody",
        ".protonmail_quote",
        ".tutanota_quote",
        ".zmail_extra",
        ".front-blockquote",
        ".mail_ru_quote",
        "#isReplyContent",
        "#mail-editor-reference-message-container",
        "#OLK_SRC_BODY_SECTION",
        "[name=messageReplySection]",
    )
)
QUOTE_OPENINGS = ", ".join(
    (
        "#divRplyFwdMsg",
        "#appendonsend",
        "#stopSpelling",
        "#EC_stopSpelling",
        "#zwchr",
        "hr[data-marker=__DIVIDER__]",
        ".OutlookMessageHeader",
    )
)
LINE_CAP = 500
LINES_CAP = 20_000
_QUOTED = re.compile(r"^\s{0,3}[>|｜](?![-|])")
_RULE = re.compile(r"^[\s>*]*(?:[-_=]{2,}|[—–]{3,})[\s*]*$")
_WHEN = re.compile(r"\d{1,2}\s?[:.h時시]\s?\d{2}|(?:19|20)\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,200}")
_ENDS = (":", "：", "...", ":*", "-", "：*", ":**", "：_")
_BETWEEN_DASHES = re.compile(r"^\s*-{2,}.{1,200}-{2,}\s*$")
_DATE_FIRST = re.compile(r"^\s*\d{4}[/-]\d{1,2}[/-]\d{1,2}\s.*<[^\s<>@]{1,64}@[^\s<>@]{1,200}>\s*:?\s*$")
_ROLES = ("from", "sent", "to", "subject", "cc")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place where a quote begins, and the line after what announces it."""

    line: int
    after: int


def cut(text: str, known: int | None = None, whole: bool = False) -> tuple[int, int]:
    """The length of the visible reply, and where the quote begins; both are `len(text)` when nothing is certain.

    `known` is a place where the HTML says that a quote begins; `whole` says that the mail passes something on, or answers below a
    quote: then only our own marker counts.
    """
    lines = text.split("\n")
    if len(lines) > LINES_CAP:
        return len(text), len(text)
    starts = _starts(lines)
    place = _own(lines)
    if place is None:
        place = None if whole else _first_quote(lines)
        if known is not None and not whole:
            near = _line_of(starts, known)
            place = near if place is None else min(place, near)
    end = len(lines) if place is None else place
    if not any(line.strip() for line in lines[:end]):
        end = len(lines)
    signed = signature_at(lines, end)
    if signed is None or not any(line.strip() for line in lines[:signed]):
        signed = end
    quoted_from = _place(text, starts, end)
    return min(_place(text, starts, signed), quoted_from), quoted_from


def is_signature(text: str) -> bool:
    """Whether words behind a quote are no answer: a signature, or a rule with a footer below."""
    lines = text.strip("\n").split("\n")
    return _RULE.match(lines[0]) is not None or signature_at(lines, len(lines), anywhere=False) == 0


def _starts(lines: list[str]) -> list[int]:
    starts, place = [], 0
    for line in lines:
        starts.append(place)
        place += len(line) + 1
    return starts


def _line_of(starts: list[int], place: int) -> int:
    """The first line that begins at or after a place in the text."""
    return next((number for number, start in enumerate(starts) if start >= place), len(starts))


def _place(text: str, starts: list[int], line: int) -> int:
    """A line's place in the text, without the empty lines above it."""
    if line >= len(starts):
        return len(text)
    return len(text[: starts[line]].rstrip())


def _own(lines: list[str]) -> int | None:
    """Our own marker, and above it the sentence by which the program announced the quote."""
    for number, line in enumerate(lines):
        if "##-" in line and _is_marker(lines, number):
            above = number
            while above > 0 and (not lines[above - 1].strip() or _quoted(lines[above - 1])):
                above -= 1
            for start in range(max(above - 4, 0), above):
                mark = _announcement(lines, start)
                if mark is not None and mark.after >= above:
                    return mark.line
            return above
    return None


def _is_marker(lines: list[str], number: int) -> bool:
    """Whether our marker begins on this line; programs break it when their lines are shorter."""
    return MARKER.match(" ".join(line[:LINE_CAP].lstrip(" \t>|*").rstrip() for line in lines[number : number + 3])) is not None


def _first_quote(lines: list[str]) -> int | None:
    fenced = False
    for number, line in enumerate(lines):
        bare = line.strip()
        if bare.startswith("```"):
            fenced = not fenced
        if fenced or not bare or len(line) > LINE_CAP:
            continue
        if FORWARD.match(line) and not _quoted(line):
            return None
        mark = _announcement(lines, number)
        if mark is None:
            continue
        return None if _answered_below(lines, mark.after) else _with_rule(lines, mark.line)
    return _trailing(lines)


def _announcement(lines: list[str], number: int) -> _Mark | None:
    """What announces a quote and begins on this line: a separator, a block of headers, or "On Monday, Ada wrote:"."""
    line = lines[number]
    if _quoted(line):
        line = line.lstrip("> |")
    if ORIGINAL.match(line):
        return _Mark(number, number + 1)
    return _headers(lines, number) or _wrote(lines, number)


def _quoted(line: str) -> bool:
    return _QUOTED.match(line) is not None


def _headers(lines: list[str], number: int) -> _Mark | None:
    """From, sent, to, subject, as Outlook and its peers put them above what is answered."""
    first = HEADER.match(lines[number][:LINE_CAP])
    if first is None or first["cc"] is not None:
        return None
    roles: dict[str, str] = {}
    place, skipped, last = number, 0, number
    while place < len(lines) and place - number < 16 and skipped < 2:
        found = HEADER.match(lines[place][:LINE_CAP])
        role = found and next((role for role in _ROLES if found[role] is not None), None)
        if found is not None and role is not None and (role not in roles or role == "cc"):
            roles[role] = found["value"]
            last, skipped = place, 0
        else:
            skipped += 1
        place += 1
    main = roles.keys() - {"cc"}
    certain = len(main) >= 3 and ("from" in main or "sent" in main)
    certain = certain or ("from" in main and len(main) == 2 and _certain_pair(lines, number, roles))
    certain = certain or ({"sent", "to"} <= main and bool(_WHEN.search(roles["sent"])) and bool(_ADDRESS.search(roles["to"])))
    return _Mark(number, last + 1) if certain else None


def _certain_pair(lines: list[str], number: int, roles: dict[str, str]) -> bool:
    """Two headers are enough below a rule, or when they hold an address and a date."""
    if number > 0 and _RULE.match(lines[number - 1]):
        return True
    values = " ".join(roles.values())
    return bool(_ADDRESS.search(values)) and bool(_WHEN.search(values) or "subject" in roles)


def _wrote(lines: list[str], number: int) -> _Mark | None:
    """A sentence of at most four lines that tells when somebody wrote what follows."""
    first = lines[number].lstrip("> |")
    if len(first) > LINE_CAP or not (STARTS.match(first) or WROTE.search(first) or _ADDRESS.search(first)):
        return None
    if _DATE_FIRST.match(first) and number + 1 < len(lines) and _next_is_quoted(lines, number + 1):
        return _Mark(number, number + 1)
    if _BETWEEN_DASHES.match(first) and WROTE.search(first):
        return _Mark(number, number + 1)
    joined = ""
    for place in range(number, min(number + 4, len(lines))):
        part = lines[place].lstrip("> |").strip()
        if not part or len(joined) + len(part) > LINE_CAP:
            return None
        joined = f"{joined} {part}".strip()
        if part.endswith(_ENDS) and _tells(joined, place > number):
            return _Mark(number, place + 1)
    return None


def _next_is_quoted(lines: list[str], number: int) -> bool:
    following = next((line for line in lines[number : number + 3] if line.strip()), "")
    return _quoted(following)


def _tells(sentence: str, wrapped: bool) -> bool:
    when = _WHEN.search(sentence) is not None
    address = _ADDRESS.search(sentence) is not None
    if not STARTS.match(sentence) and wrapped:
        return False
    if WROTE.search(sentence):
        return when or (address and "<" in sentence)
    return when and address and "<" in sentence and sentence.endswith((":", "："))


def _answered_below(lines: list[str], after: int) -> bool:
    """Whether somebody's words stand between or below the quoted lines that follow. Unmarked quotes are taken as one whole."""
    place = after
    while place < len(lines) and not lines[place].strip():
        place += 1
    if place >= len(lines) or not _quoted(lines[place]):
        return False
    while place < len(lines):
        line = lines[place]
        if line.strip() and not _quoted(line):
            if signature_at(lines[place:], len(lines) - place, anywhere=False) == 0 or _RULE.match(line):
                return False
            if not _is_broken_off(lines, place):
                return True
        place += 1
    return False


def _is_broken_off(lines: list[str], place: int) -> bool:
    """The end of a quoted line that was too long: between two quoted lines, with no empty line around it."""
    following = place + 1
    while following < len(lines) and following - place < 4 and lines[following].strip() and not _quoted(lines[following]):
        following += 1
    return _quoted(lines[place - 1]) and following < len(lines) and _quoted(lines[following])


def _with_rule(lines: list[str], number: int) -> int:
    """The rule that a program draws above what it announces goes with it."""
    place = number
    while place > 0 and number - place < 4 and (not lines[place - 1].strip() or _RULE.match(lines[place - 1])):
        place -= 1
        if _RULE.match(lines[place]):
            return place
    return number


def _trailing(lines: list[str]) -> int | None:
    """Quoted lines at the end, below somebody's words, with nothing announcing them."""
    place = len(lines)
    while place > 0 and (not lines[place - 1].strip() or _quoted(lines[place - 1])):
        place -= 1
    quoted = sum(_quoted(line) for line in lines[place:])
    earlier = any(_quoted(line) for line in lines[:place])
    return place if quoted and place > 0 and not earlier else None
