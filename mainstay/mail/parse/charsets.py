"""Bytes to text, whatever the label says (WHATWG Encoding's supersets, then UTF-8, then a guess, then replacement)."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

SAMPLE = 4_096
_RUNS = re.compile(rb"[\x80-\xff]+")
_REFUSED = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
_SUPERSETS = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "iso2022_jp": "iso2022_jp_ext",
}
# What stands under a label that its bytes don't fit, in the same script.
_SIBLINGS = {
    "iso2022_jp": ("cp932", "euc_jp"),
    "iso2022_jp_ext": ("cp932", "euc_jp"),
    "euc_jp": ("cp932",),
    "shift_jis": ("euc_jp",),
    "cp932": ("euc_jp",),
    "big5": ("gb18030",),
    "iso2022_kr": ("cp949",),
    "koi8-r": ("cp1251",),
}
_ALIASES = {
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-user-defined": "cp1252",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode": "utf-8",
    "utf": "utf-8",
    "ansi": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "iso-2022-cn": "gb18030",
    "x-unknown": "ascii",
    "unknown-8bit": "ascii",
    "default": "ascii",
    "8bit": "ascii",
    "x-euc-jp": "euc_jp",
    "cp-850": "cp850",
    "x-windows-949": "cp949",
    "windows-31j": "cp932",
    "windows-936": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gb2312": "gb18030",
}
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}")
_WINDOWS = re.compile(r"^(?:x-)?(?:windows|cp|win|ms)[-_]?(\d{3,4})$")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text as PostgreSQL takes it: no NUL, and U+FFFD for a lone surrogate."""
    if _UNSTORABLE.search(text) is None:
        return text
    return _UNSTORABLE.sub(lambda found: "" if found[0] == "\x00" else "\ufffd", text)


@lru_cache(maxsize=512)
def codec(label: str) -> str | None:
    """Python's name of a text codec for a charset label, or None; byte-to-byte, escaping and IDNA codecs are refused."""
    found = _LABEL.search(label)
    if found is None:
        return None
    name = found[0].lower()
    windows = _WINDOWS.match(name)
    name = f"cp{windows[1]}" if windows else _ALIASES.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if info.name.replace("-", "_") in _REFUSED or not getattr(info, "_is_text_encoding", True):
        return None
    return info.name


def decode(data: bytes, label: str = "") -> tuple[str, str]:
    """The text, free of NUL and surrogates, and a defect (empty when the label was right)."""
    if data.isascii() and b"\x1b" not in data and not _shifted(label):
        return data.replace(b"\x00", b"").decode("ascii"), ""
    text, defect = _climb(data, label)
    return storable(text), defect


def _shifted(label: str) -> bool:
    """Whether ASCII bytes can stand for other letters in this charset."""
    name = (label and codec(label)) or ""
    return name.startswith(("utf-16", "utf-32", "utf-7", "hz", "iso2022", "cp037", "cp500", "cp1026", "cp1140"))


def _climb(data: bytes, label: str) -> tuple[str, str]:
    for mark, name in _BOMS:
        if data.startswith(mark):
            text = _strictly(data, name)
            if text is not None:
                return text, ""
    declared = codec(label) if label else None
    if declared:
        for name in dict.fromkeys((_SUPERSETS.get(declared, declared), declared, *_SIBLINGS.get(declared, ()))):
            text = _strictly(data, name)
            if text is not None:
                wrong = declared == "ascii" and label != ""
                return text, "bytes outside us-ascii" if wrong else ""
    text = _strictly(data, "utf-8")
    if text is not None:
        return text, f"charset {label[:40]!r} is wrong, it is utf-8" if label else ""
    if declared and declared != "ascii":
        return _mostly(data, _SUPERSETS.get(declared, declared), label)
    guessed = _guess(data)
    return data.decode(guessed, "replace"), f"charset {label[:40]!r} is unknown or wrong, guessed {guessed}"


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name, "surrogatepass" if name == "utf-8" else "strict")  # `storable` replaces the surrogates
    except (UnicodeError, ValueError, LookupError):
        return None


def _mostly(data: bytes, name: str, label: str) -> tuple[str, str]:
    """The declared charset with a few broken places, unless another one fits without any."""
    try:
        text = data.decode(name, "replace")
    except (UnicodeError, ValueError, LookupError):
        text = data.decode("utf-8", "replace")
    if text.count("\ufffd") * 20 > len(text):
        guessed = _guess(data)
        return data.decode(guessed, "replace"), f"charset {label[:40]!r} is wrong, guessed {guessed}"
    return text, f"charset {label[:40]!r} has bytes that it can't have"


def _guess(data: bytes) -> str:
    """UTF-8 with a few broken places, what the statistics say about a sample, or cp1252, which western mail has most often."""
    sample = data[:SAMPLE]
    if data.decode("utf-8", "replace").count("\ufffd") * 20 < len(data) and _multibyte(sample):
        return "utf-8"
    runs = _RUNS.findall(sample)
    if sum(map(len, runs)) < 3 * len(runs):
        return "cp1252"  # single letters among plain ones: western, and too few for statistics
    from charset_normalizer import from_bytes  # slow to import, and needed for one mail in thousands

    best = from_bytes(
        b"\n".join(line for line in sample.split(b"\n") if not line.isascii()), cp_isolation=_CANDIDATES, preemptive_behaviour=False
    ).best()
    return (best and codec(best.encoding)) or "cp1252"


_CANDIDATES = ["cp1252", "cp1251", "koi8_r", "gb18030", "cp932", "euc_jp", "cp949", "big5", "cp1250", "cp1253", "cp1255", "cp1256"]


def _multibyte(sample: bytes) -> bool:
    return (
        re.search(rb"[\xc3-\xf4][\x80-\xbf]", sample) is not None
        and re.search(rb"[\xe2-\xef][\x80-\xbf]{2}|\xc3[\x80-\xbf]", sample) is not None
    )
