"""Mails made to break parsers: each is read within its time, or cut short with a word about it, and nothing is raised."""

from __future__ import annotations

import os
import random

import pytest

from mainstay.mail.parse import Letter, parse
from tests.mail.parse.letters import EVERY_KIND, html, mail, parts

MUTANTS = int(os.environ.get("MAINSTAY_MUTANTS", "20000" if os.environ.get("MAINSTAY_ALL_SEEDS") else "500"))


def _nested_multiparts(depth: int) -> bytes:
    raw = mail("Content-Type: multipart/mixed; boundary=b0", body="")
    return raw + b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(depth))


def _nested_messages(depth: int) -> bytes:
    return b"Content-Type: message/rfc822\r\nSubject: in\r\n\r\n" * depth + b"words"


HOSTILE = {
    "3,000 nested multiparts": lambda: _nested_multiparts(3_000),
    "1,000 nested messages": lambda: _nested_messages(1_000),
    "100,000 empty parts": lambda: mail("Content-Type: multipart/mixed; boundary=b", body="--b\r\n\r\n" * 100_000),
    "16,000 addresses": lambda: mail("To: " + ", ".join(f"a{n}@harbor.example" for n in range(16_000))),
    "4,000 parameters": lambda: mail("Content-Type: text/plain" + "".join(f"; p{n}*0*=utf-8''x" for n in range(4_000))),
    "4,000 encoded words": lambda: mail("Subject: " + " ".join(["=?utf-8?q?a?="] * 4_000)),
    "a 1 MB header": lambda: mail("Subject: " + "x" * 1_000_000),
    "a 1 MB header, folded": lambda: mail("Subject: " + "x\r\n " * 300_000),
    "100,000 headers": lambda: mail(*["X-A: b"] * 100_000),
    "comments 2,000 deep": lambda: mail("From: " + "(" * 2_000 + "x" + ")" * 2_000 + " luis@harbor.example"),
    "an open comment of 500 kB": lambda: mail("From: " + "(" * 500_000),
    "500 kB of quotes": lambda: mail("From: " + '"' * 500_000),
    "500 kB of angles": lambda: mail("To: " + "<" * 500_000),
    "half encoded words": lambda: mail("Subject: " + "=?" * 250_000, "From: " + "=?a?b?" * 80_000),
    "a name in a thousand pieces": lambda: parts(("Content-Type: image/png" + "".join(f"; name*{n}*=x%E2%80%AE" for n in range(900)), "x")),
    "500 kB of nested div": lambda: html("<div>" * 100_000),
    "500 kB of table cells": lambda: html("<table><tr><td>" * 33_000),
    "unclosed formatting": lambda: html("".join(f"<font color=c{n}>" for n in range(8_000)) + "<p>x" * 60_000),
    "1 MB of spaces": lambda: mail(body=" " * 1_000_000),
    "1 MB of quote marks": lambda: mail(body=">" * 1_000_000),
    "1 MB of lines": lambda: mail(body="\n" * 1_000_000),
    "1 MB of links": lambda: mail(body="http://harbor.example/a " * 41_000),
    "1 MB of boundaries": lambda: mail("Content-Type: multipart/mixed; boundary=b", body="--b" * 330_000),
    "1 MB of base64 that is none": lambda: mail("Content-Transfer-Encoding: base64", "Content-Type: image/png", body="=" * 1_000_000),
    "1 MB of quoted-printable": lambda: mail(
        "Content-Transfer-Encoding: quoted-printable", "Content-Type: text/html", body="=3D=" * 250_000
    ),
    "begin without end": lambda: mail(body="begin 644 a\n" * 80_000),
    "1 MB of mailer daemon": lambda: mail("From: MAILER-DAEMON@x.example", body="<a@b.example>:\n" * 60_000),
    "a long word of a failure": lambda: mail("From: MAILER-DAEMON@x.example", body="original " * 110_000),
    "1 MB in one unknown charset": lambda: mail("Content-Type: text/plain; charset=x", body=bytes(range(128, 256)) * 8_000),
    "no newline at all": lambda: b"Subject:" + b"a" * 1_000_000,
    "only nul": lambda: b"\x00" * 1_000_000,
}


@pytest.mark.security("S-026")
@pytest.mark.reliability("R-20")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_mail_that_is_made_to_break_parsers_is_read_within_two_seconds(name, quickly):
    raw = HOSTILE[name]()
    with quickly(2.0):
        letter = parse(raw)
    assert isinstance(letter, Letter)
    assert not [defect for defect in letter.defects if defect.startswith("unreadable")]
    assert len(letter.attachments) <= 1_000 and len(letter.to) <= 1_000


@pytest.mark.reliability("R-23")
def test_what_is_cut_short_says_so():
    assert "too many parts" in parse(HOSTILE["100,000 empty parts"]()).defects
    assert "parts are nested too deep" in parse(HOSTILE["3,000 nested multiparts"]()).defects
    assert any("address" in defect for defect in parse(HOSTILE["16,000 addresses"]()).defects)
    assert any("header" in defect for defect in parse(HOSTILE["100,000 headers"]()).defects)


def test_a_text_in_a_thousand_parts_is_bounded_as_a_whole():
    letter = parse(parts(*[("Content-Type: text/plain", "x" * 20_000)] * 200))
    assert len(letter.text) == 1_000_000
    assert "the text is longer than is shown" in letter.defects


def _mutated(raw: bytes, dice: random.Random) -> bytes:
    """One hurt, of the kinds that mail suffers on its way or at somebody's hands."""
    place, other = sorted((dice.randrange(len(raw) + 1), dice.randrange(len(raw) + 1)))
    kind = dice.randrange(12)
    if kind == 0 and raw:
        place = dice.randrange(len(raw))
        return raw[:place] + bytes([raw[place] ^ (1 << dice.randrange(8))]) + raw[place + 1 :]
    if kind == 1:
        return raw[:place]
    if kind == 2:
        return raw[:other] + raw[place:other] * dice.randrange(1, 9) + raw[other:]
    if kind == 3:
        donor = dice.choice(list(EVERY_KIND.values()))
        return raw[:place] + donor[dice.randrange(len(donor)) :]
    if kind == 4:
        return raw.replace(b"utf-8", dice.choice([b"utf-16", b"idna", b"hex", b"iso-2022-jp", b"x", b"", b"utf-7", b"\xff", b"hz"]))
    if kind == 5:
        return raw.replace(b"=", dice.choice([b"==", b"", b"=?", b"*="]))
    if kind == 6:
        return raw.replace(b"boundary", dice.choice([b"boundry", b"boundary*", b"boundary=", b"b"]))
    if kind == 7:
        return mail('Content-Type: multipart/mixed; boundary="m"', body=b"--m\r\n" + raw + b"\r\n--m")
    if kind == 8:
        return raw[:place] + b"\x00" * dice.randrange(1, 5) + raw[place:]
    if kind == 9:
        return raw[:place] + raw[other:]
    if kind == 10:
        return raw.replace(b"\r\n", dice.choice([b"\n", b"\r", b"\r\n\r\n", b"", b"\r\r\n"]), dice.randrange(1, 40))
    return raw[:place] + bytes(dice.randrange(256) for _ in range(dice.randrange(1, 30))) + raw[place:]


def _texts(letter: Letter) -> list[str]:
    boxes = [box for box in (letter.from_, letter.sender, *letter.reply_to, *letter.to, *letter.cc) if box]
    files = [word for file in letter.attachments for word in (file.name, file.type, file.content_id)]
    pairs = [word for pair in letter.headers for word in pair]
    return [
        letter.subject,
        letter.text,
        letter.html or "",
        letter.message_id,
        letter.in_reply_to,
        letter.list_id,
        *letter.references,
        *letter.defects,
        *(word for box in boxes for word in (box.name, box.address)),
        *files,
        *pairs,
    ]


@pytest.mark.reliability("R-20")
def test_mutants_of_every_kind_of_mail_are_letters_too():
    """Seeded, so that a failure can be played again: the number in the message is the seed. MAINSTAY_MUTANTS sets how many."""
    originals = list(EVERY_KIND.values())
    for seed in range(MUTANTS):
        dice = random.Random(seed)
        raw = dice.choice(originals)
        for _ in range(dice.randrange(1, 5)):
            raw = _mutated(raw, dice)
        letter = parse(raw)
        assert 0 <= letter.cut <= letter.quoted_from <= len(letter.text), f"seed {seed}"
        assert not [defect for defect in letter.defects if defect.startswith("unreadable")], f"seed {seed}: {letter.defects}"
        for text in _texts(letter):
            assert "\x00" not in text, f"seed {seed}"
            text.encode("utf-8")
        assert all(file.name for file in letter.attachments), f"seed {seed}"
        assert not any(set(value) & set("\r\n") for _, value in letter.headers), f"seed {seed}"
