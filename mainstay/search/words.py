"""Text as the index sees it: words without case, accents and signs. Both databases get the same words, so both find the same.

Chinese and Japanese are taken letter by letter, since their words have no spaces; what is typed together is then found together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

TEXT_CAP = 50_000
WORD_CAP = 64
QUERY_CAP = 200
WANTED_CAP = 8
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_MARKS = re.compile(r"[\u0300-\u036f]+")
_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|„([^“]*)“|(\S+)')
_NUMBER = re.compile(r"#?\s*([1-9][0-9]{2})[ \u00a0.-]?([0-9]{3})[ \u00a0.-]?([0-9]{3})")


@dataclass(frozen=True)
class Word:
    """A folded word and where it stands in the text."""

    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Wanted:
    """Words that have to follow one another; with `is_begun` the last of them may go on."""

    words: tuple[str, ...]
    is_begun: bool


@dataclass(frozen=True)
class Piece:
    """A stretch of a hit's text, and whether it is what was asked for."""

    text: str
    is_match: bool


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order."""
    text = text[:TEXT_CAP]
    if text.isascii():
        return [word[:WORD_CAP] for word in _WORD.findall(text.lower())]
    return [word.word for word in _read(unicodedata.normalize("NFC", text))]


def wanted(query: str) -> list[Wanted]:
    """What a person asks for: every word, from its beginning; words in quotation marks, exactly and together. At most eight."""
    found = []
    for match in _QUOTED.finditer(query[:QUERY_CAP]):
        words = tuple(words_of(next(part for part in match.groups() if part is not None)))
        if words:
            is_begun = match[4] is not None and (len(words[-1]) > 1)
            found.append(Wanted(words, is_begun))
    return found[:WANTED_CAP]


def number_in(query: str) -> int | None:
    """The case number, when the query is nothing else: 204118337, 204 118 337, #204.118.337."""
    found = _NUMBER.fullmatch(query.strip())
    return int("".join(found.groups())) if found else None


def shown(text: str, asked: Sequence[Wanted], around: int = 160) -> list[Piece]:
    """The text about the first place that was asked for, some `around` characters long, with the places marked."""
    text = unicodedata.normalize("NFC", text[:TEXT_CAP])
    spans = _matches(list(_read(text)), asked, around)
    start, end = _window(text, spans[0][0] if spans else 0, around)
    pieces = [Piece("…", False)] if start else []
    place = start
    for begin, finish in spans:
        if begin >= place and finish <= end:
            pieces += [Piece(_plain(text[place:begin]), False), Piece(_plain(text[begin:finish]), True)]
            place = finish
    pieces.append(Piece(_plain(text[place:end]) + ("…" if end < len(text) else ""), False))
    return [piece for piece in pieces if piece.text]


def _window(text: str, first: int, around: int) -> tuple[int, int]:
    """Some `around` characters with the first match in them, from a word's beginning to a word's end."""
    if len(text) <= around:
        return 0, len(text)
    start = text.rfind(" ", 0, max(first - around // 3, 1)) + 1
    start = start if first - start < around else first
    if len(text) - start <= around:
        return start, len(text)
    end = text.rfind(" ", start + around // 2, start + around)
    return start, end if end > first else start + around


def _read(text: str) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        raw, start = match[0], match.start()
        if raw.isascii():
            yield Word(raw[:WORD_CAP].lower(), start, match.end())
            continue
        for part in _LETTERS.finditer(raw):
            folded = [letters for word in _WORD.findall(_fold(part[0])) for letters in _LETTERS.findall(word)]
            yield from (Word(word[:WORD_CAP], start + part.start(), start + part.end()) for word in folded)


def _fold(raw: str) -> str:
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", raw).lower())
    return unicodedata.normalize("NFC", bare)


def _matches(words: Sequence[Word], asked: Sequence[Wanted], around: int) -> list[tuple[int, int]]:
    """The first span of what was asked for and those near it, in order."""
    spans: list[tuple[int, int]] = []
    for number, word in enumerate(words):
        if spans and word.start > spans[0][0] + around:
            break
        for want in asked:
            run = words[number : number + len(want.words)]
            if len(run) == len(want.words) and _is_run(run, want):
                spans.append((word.start, run[-1].end))
                break
    return spans


def _is_run(run: Sequence[Word], want: Wanted) -> bool:
    *front, last = zip((word.word for word in run), want.words, strict=True)
    ends = last[0].startswith(last[1]) if want.is_begun else last[0] == last[1]
    return ends and all(one == other for one, other in front)


def _plain(text: str) -> str:
    """Line breaks as spaces: a hit is one line."""
    return re.sub(r"\s+", " ", text)
