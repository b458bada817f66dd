"""winmail.dat (MS-OXTNEF): the files inside, read with limits and without recursion. The original is kept beside them.

Every length is checked against what is left, so a lying one ends the reading; what was found before it is returned.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from . import names
from .charsets import decode, storable

SIGNATURE = b"\x78\x9f\x3e\x22"
FILES_CAP = 200
PROPERTIES_CAP = 2_000
_ATTRIBUTE = struct.Struct("<BII")
_PROPERTY = struct.Struct("<HH")
_NUMBER = struct.Struct("<I")
_NEW_FILE, _TITLE, _DATA, _PROPERTIES, _CODE_PAGE = 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _CONTENT, _TYPE, _CONTENT_ID = 0x3707, 0x3704, 0x3001, 0x3701, 0x370E, 0x3712
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_UNTITLED = "Untitled_Attachment"


@dataclass(slots=True)
class Packed:
    """A file as it was packed; its name is clean, its type may be empty."""

    name: str = ""
    type: str = ""
    data: bytes = b""
    content_id: str = ""


def unpack(data: bytes) -> list[Packed]:
    """The files of a TNEF stream, at most FILES_CAP; none when it isn't one. Never raises."""
    if not data.startswith(SIGNATURE):
        return []
    found: list[Packed] = []
    page = ""
    try:
        for level, kind, value in _attributes(data):
            if kind == _CODE_PAGE:
                page = f"cp{_NUMBER.unpack_from(value)[0]}"
            elif kind == _NEW_FILE and level == 2:
                if len(found) >= FILES_CAP:
                    break
                found.append(Packed())
            elif level == 2 and found:
                _take(found[-1], kind, value, page)
    except (struct.error, ValueError):
        pass  # a length that lies: keep what came before
    for file in found:
        file.name = names.clean(file.name) or _UNTITLED
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    place = 6
    while place + _ATTRIBUTE.size <= len(data):
        level, kind, size = _ATTRIBUTE.unpack_from(data, place)
        place += _ATTRIBUTE.size
        if size > len(data) - place:
            return
        yield level, kind & 0xFFFF, data[place : place + size]
        place += size + 2  # a checksum follows


def _take(file: Packed, kind: int, value: bytes, page: str) -> None:
    if kind == _TITLE:
        file.name = file.name or _words(value, page)
    elif kind == _DATA:
        file.data = value
    elif kind == _PROPERTIES:
        _take_properties(file, value, page)


def _take_properties(file: Packed, value: bytes, page: str) -> None:
    texts: dict[int, str] = {}
    for type_, key, content in _properties(value):
        if key == _CONTENT and type_ in (_BINARY, _OBJECT) and not file.data:
            file.data = content[16:] if type_ == _OBJECT else content  # an object begins with the id of its interface
        elif type_ == _UNICODE:
            texts[key] = storable(content.decode("utf-16-le", "replace")).strip()
        elif type_ == _STRING:
            texts[key] = _words(content, page)
    file.name = texts.get(_LONG_NAME) or file.name or texts.get(_SHORT_NAME) or texts.get(_DISPLAY_NAME, "")
    file.type = texts.get(_TYPE, file.type).lower()
    file.content_id = texts.get(_CONTENT_ID, file.content_id).strip("<>")


def _words(value: bytes, page: str) -> str:
    return decode(value.split(b"\x00", 1)[0], page)[0].strip()


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Type, id and first value of each MAPI property; values are padded to four bytes."""
    count = min(_NUMBER.unpack_from(data)[0], PROPERTIES_CAP)
    place = 4
    for _ in range(count):
        type_, key = _PROPERTY.unpack_from(data, place)
        place += 4
        if key >= 0x8000:
            place = _past_name(data, place)
        single = type_ & ~0x1000
        if single in _FIXED:
            values = 1
            if type_ & 0x1000:
                values = _NUMBER.unpack_from(data, place)[0]
                place += 4
            place += _FIXED[single] * values
            if place > len(data):
                raise ValueError("a property is longer than its stream")
            continue
        values = _NUMBER.unpack_from(data, place)[0]
        place += 4
        if values > len(data):
            raise ValueError("more values than bytes")
        for number in range(values):
            size = _NUMBER.unpack_from(data, place)[0]
            place += 4
            if size > len(data) - place:
                raise ValueError("a value is longer than its stream")
            if number == 0:
                yield single, key, data[place : place + size]
            place += size + -size % 4


def _past_name(data: bytes, place: int) -> int:
    place += 16
    kind, size = struct.unpack_from("<II", data, place)
    place += 8
    return place + (size + -size % 4 if kind == 1 else 0)
