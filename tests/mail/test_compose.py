"""Our mails, as other people's programs read them."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mainstay.mail import wire
from mainstay.mail.compose import Outgoing, OutgoingFile, Quoted, Unsendable, answering, compose, marker_line
from mainstay.mail.parse import parse
from mainstay.mail.parse.quotes import MARKER
from tests.mail.parse.letters import PICTURE

TOKEN = "ab" * 16
OURS = f"<{TOKEN}@mainstay.invalid>"
PLAIN = Outgoing(
    message_id=OURS,
    at=datetime(2026, 3, 2, 9, 42, tzinfo=UTC),
    sender=("Maya Ortiz", "support@journeyware.example"),
    reply_to=("Journeyware Support", f"support+{TOKEN}@journeyware.example"),
    to=[("Luis Almeida", "luis@harbor.example")],
    subject="Re: Overtime",
    body="Hi **Luis**,\n\nplease try 9.3.",
    signature="Maya Ortiz\nJourneyware Support",
    footer="Case 204 118 337.",
    marker="Please write your answer above this line",
)
EVIL = [
    "a\rBcc: x@evil.example",
    "a\nBcc: x@evil.example",
    "a\r\nBcc: x@evil.example",
    "a\r\n\r\nbody",
    "a\u2028Bcc: x@evil.example",
    "a\u2029b",
    "a\x85b",
    "a\x0bb\x0cc",
    "a\x00b",
    "=?utf-8?q?a=0D=0ABcc:_x@evil.example?=",
    "=?utf-8?b?DQpCY2M6IHhAZXZpbC5leGFtcGxl?=",
    "\u202ereversed",
    "🚢" * 200,
    "x" * 5_000,
    "word " * 500,
    "\ud800",
]


def read(raw: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[return-value]


def test_it_comes_from_maya_by_name_and_answers_go_to_luis_s_own_address():
    mail = read(compose(PLAIN))
    assert mail["From"] == "Maya Ortiz <support@journeyware.example>"
    assert mail["Reply-To"] == f"Journeyware Support <support+{TOKEN}@journeyware.example>"
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == ("Luis Almeida <luis@harbor.example>", "Re: Overtime", OURS)
    assert mail["Date"].datetime == PLAIN.at


def test_both_parts_say_the_same():
    mail = read(compose(PLAIN))
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None and html is not None
    assert "Hi *Luis*,\n\nplease try 9.3.\n\n-- \nMaya Ortiz\nJourneyware Support\n\nCase 204 118 337." in plain.get_content().replace(
        "\r\n", "\n"
    )
    assert "<p>Hi <strong>Luis</strong>,</p>" in html.get_content()


def test_everybody_sees_who_else_got_it():
    mail = read(compose(replace(PLAIN, cc=[("Dana Whitfield", "dana@corvid.example"), ("", "x@corvid.example")])))
    assert mail["Cc"] == "Dana Whitfield <dana@corvid.example>, x@corvid.example"
    assert mail["Bcc"] is None


def test_it_is_threaded_also_through_ids_longer_than_a_line():
    long = f"<{'z' * 200}@harbor.example>"
    raw = compose(replace(PLAIN, in_reply_to=long, references=["<first@harbor.example>", *(f"<{n}@x.example>" for n in range(60)), long]))
    assert parse(raw).in_reply_to == long.strip("<>")
    references = parse(raw).references
    assert references[0] == "first@harbor.example"
    assert references[-1] == long.strip("<>")
    assert len(references) == 21


def test_a_picture_in_the_text_and_a_file_beside_it_both_arrive():
    files = [OutgoingFile("mast.png", "image/png", PICTURE, "k1@draft"), OutgoingFile("Übersicht „neu“.pdf", "application/pdf", b"%PDF")]
    mail = parse(compose(replace(PLAIN, body="See ![the mast](cid:k1@draft)", files=files)))
    assert [(f.name, f.type, f.data, f.content_id) for f in mail.attachments] == [
        ("mast.png", "image/png", PICTURE, "k1@draft"),
        ("Übersicht „neu“.pdf", "application/pdf", b"%PDF", ""),
    ]
    assert 'src="cid:k1@draft"' in (mail.html or "")


def test_a_picture_that_the_text_does_not_show_is_a_file():
    mail = read(compose(replace(PLAIN, files=[OutgoingFile("mast.png", "image/png", PICTURE, "k1@draft")])))
    assert [part.get_filename() for part in mail.iter_attachments()] == ["mast.png"]


def test_a_letter_says_in_every_way_that_a_machine_wrote_it():
    mail = read(compose(replace(PLAIN, is_letter=True, instance="mainstay-1")))
    told = {name: mail[name] for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence", "X-Loop")}
    assert told == {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All", "Precedence": "bulk", "X-Loop": "mainstay-1"}
    assert not any(name in read(compose(PLAIN)) for name in told)


@pytest.mark.security("S-037")
@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("place", ["subject", "sender", "reply_to", "to", "cc", "instance", "file", "marker", "signature"])
def test_nobody_s_words_make_a_header_of_their_own(evil, place):
    values = {
        "subject": evil,
        "sender": (evil, PLAIN.sender[1]),
        "reply_to": (evil, PLAIN.reply_to[1]),
        "to": [(evil, "luis@harbor.example")],
        "cc": [(evil, "dana@corvid.example")],
        "instance": evil if evil.isascii() else "x",
        "marker": evil,
        "signature": evil.replace("\ud800", "?"),
    }
    change = {"files": [OutgoingFile(evil, evil, b"x")]} if place == "file" else {place: values[place]}
    raw = compose(replace(PLAIN, is_letter=True, **change))
    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert sorted(set(names)) == sorted(names), "each header once"
    assert b"bcc" not in names
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"") and b"\x00" not in raw
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()
    assert "Bcc" not in read(raw)


@pytest.mark.security("S-038")
@pytest.mark.parametrize(
    "value",
    [
        "a@b.example,c@d.example",
        '"a@b.example"@c.example',
        "a@b.example c@d.example",
        "friends: a@b.example;",
        "a@b.example\r\nBcc: c@d.example",
        "<a@b.example>",
        "a@b.example>",
        "@b.example",
        "a@",
        "a",
        "",
        "a@b",
        "a..b@c.example",
        ".a@c.example",
        "a@c..example",
        "a@-c.example",
        "ü@c.example",
        "a@" + "x" * 70 + ".example",
        "a" * 65 + "@c.example",
        "a(comment)@c.example",
        "a@[192.0.2.1]",
        "a@b.example\x00",
    ],
)
def test_an_address_is_exactly_one_address_or_refused(value):
    with pytest.raises(Unsendable):
        compose(replace(PLAIN, to=[("Luis", value)]))


def test_a_domain_in_another_alphabet_is_spelled_for_the_wire():
    assert wire.address("luis@bücher.example") == "luis@xn--bcher-kva.example"


@pytest.mark.security("S-011")
@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "<svg onload=alert(1)>",
        '"><iframe srcdoc=x>',
        "![x](https://evil.example/p.png)",
    ],
)
@pytest.mark.parametrize("place", ["body", "signature", "quoted", "footer"])
def test_what_goes_out_is_harmless_whoever_wrote_it(payload, place):
    change = {"quoted": Quoted(payload, payload)} if place == "quoted" else {place: payload}
    part = read(compose(replace(PLAIN, **change))).get_body(("html",))
    assert part is not None
    html = part.get_content().lower()
    for bad in ("<script", "<img src=x", "<svg", "<iframe", 'href="javascript', 'src="https://evil'):
        assert bad not in html


@pytest.mark.parametrize(
    "words", ["Please write your answer above this line", "Bitte über dieser Zeile antworten", "x" * 500, "この行より上に返信してください"]
)
def test_the_parser_knows_our_marker_in_every_language(words):
    assert MARKER.match(marker_line(words))


@pytest.mark.parametrize("kind", ["gmail", "outlook", "plain"])
def test_an_answer_to_our_mail_is_cut_at_our_marker(kind):
    ours = parse(compose(replace(PLAIN, quoted=Quoted("On 1 March Luis wrote:", "It is broken."))))
    quoted = "\n".join(f"> {line}" for line in ours.text.split("\n"))
    above = {
        "gmail": f"On Mon, 2 Mar 2026 at 09:42, Maya Ortiz <support@journeyware.example> wrote:\n\n{quoted}",
        "outlook": f"From: Maya Ortiz <support@journeyware.example>\nSent: Monday\nTo: Luis\nSubject: Re: Overtime\n\n{ours.text}",
        "plain": quoted,
    }
    head = f"From: luis@harbor.example\r\nIn-Reply-To: {OURS}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    raw = f"{head}It works now.\n\n{above[kind]}\n".encode()
    assert parse(raw).reply.strip() == "It works now."


def test_an_html_answer_is_cut_at_our_mark_too():
    html = read(compose(PLAIN)).get_body(("html",))
    assert html is not None
    raw = f"From: luis@harbor.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>It works now.</p>{html.get_content()}".encode()
    assert parse(raw).reply.strip() == "It works now."


@pytest.mark.parametrize(
    ("subject", "answer"),
    [
        ("Overtime", "Re: Overtime"),
        ("Re: Overtime", "Re: Overtime"),
        ("AW: Overtime", "AW: Overtime"),
        ("RE[2]: x", "RE[2]: x"),
        ("", "Re:"),
        ("Reactor", "Re: Reactor"),
    ],
)
def test_the_subject_stays_the_customer_s(subject, answer):
    assert answering(subject) == answer


def test_the_same_mail_is_the_same_bytes():
    assert compose(PLAIN) == compose(replace(PLAIN))
