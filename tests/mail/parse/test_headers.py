"""Who wrote to whom about what, however the mail program put it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mainstay.mail.parse import Mailbox, parse
from mainstay.mail.parse.addresses import read as addresses
from tests.mail.parse.letters import mail, plain


def test_luis_writes_an_ordinary_mail():
    letter = parse(
        mail("Cc: Dana Whitfield <dana@corvid.example>", "Reply-To: fleet@harbor.example", "References: <a@x.example> <b@x.example>")
    )
    assert letter.from_ == Mailbox("Luis Almeida", "luis@harbor.example")
    assert [box.address for box in letter.to] == ["support@journeyware.example"]
    assert letter.cc == (Mailbox("Dana Whitfield", "dana@corvid.example"),)
    assert letter.reply_to == (Mailbox("", "fleet@harbor.example"),)
    assert letter.subject == "The log won't open"
    assert (letter.message_id, letter.references) == ("first@harbor.example", ("a@x.example", "b@x.example"))
    assert letter.date == datetime(2026, 3, 2, 8, 42, tzinfo=UTC)
    assert letter.text == "The ship's log won't open.\n"
    assert letter.defects == ()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"Almeida, Luis" <luis@harbor.example>, tom@x.example', [("Almeida, Luis", "luis@harbor.example"), ("", "tom@x.example")]),
        ("Almeida, Luis <luis@harbor.example>", [("Almeida, Luis", "luis@harbor.example")]),
        ("luis@harbor.example (Luis (of Harbor) Almeida)", [("Luis (of Harbor) Almeida", "luis@harbor.example")]),
        ("a@x.example; b@x.example;", [("", "a@x.example"), ("", "b@x.example")]),
        ("Crew: a@x.example, Bo <b@x.example>; c@x.example", [("", "a@x.example"), ("Bo", "b@x.example"), ("", "c@x.example")]),
        ("undisclosed-recipients:;", []),
        ("=?utf-8?q?Almeida=2C_Luis?= <luis@harbor.example>", [("Almeida, Luis", "luis@harbor.example")]),
        ('"Luis \\"Mate\\" Almeida" <luis@harbor.example>', [('Luis "Mate" Almeida', "luis@harbor.example")]),
        ("<luis@harbor.example", [("", "luis@harbor.example")]),
        ("mailto:luis@harbor.example", [("", "luis@harbor.example")]),
        ("Luis luis@harbor.example", [("Luis", "luis@harbor.example")]),
        ("<@relay.example:luis@harbor.example>", [("", "luis@harbor.example")]),
        ("'luis@harbor.example' <luis@harbor.example>", [("luis@harbor.example", "luis@harbor.example")]),
        ("Größe <g@x.example>", [("Größe", "g@x.example")]),
        ("luis@[192.0.2.1]", [("", "luis@[192.0.2.1]")]),
        ("Luis", [("Luis", "")]),
    ],
)
def test_address_lists_are_read_as_people_mean_them(header, expected):
    found, defect = addresses(header)
    assert [(box.name, box.address) for box in found] == expected
    assert defect == ""


@pytest.mark.parametrize("header", ["", "<>", "(c):;", '"', ",", "(", ")", "<", "=?", "@", ";;;,,,", "()" * 50, '"\\'])
def test_addresses_that_break_other_readers_break_nothing(header):
    assert isinstance(addresses(header)[0], tuple)


@pytest.mark.security("S-042")
def test_an_address_in_an_encoded_name_never_becomes_a_second_sender():
    letter = parse(mail("From: =?utf-8?q?maya=40journeyware=2Eexample=3E=2C?= <zoe@elsewhere.example>"))
    assert letter.from_ is not None
    assert letter.from_.address == "zoe@elsewhere.example"
    assert letter.from_.name == "maya@journeyware.example>"


@pytest.mark.security("S-042")
def test_several_senders_leave_the_first_as_the_sender():
    letter = parse(mail("From: zoe@elsewhere.example, maya@journeyware.example"))
    assert letter.from_ == Mailbox("", "zoe@elsewhere.example")


def test_a_mail_without_a_sender_says_where_the_address_came_from():
    letter = parse(mail("From: Luis Almeida <>", "Reply-To: luis@harbor.example"))
    assert letter.from_ == Mailbox("Luis Almeida", "luis@harbor.example")
    assert "no address in From; taken from Sender or Reply-To" in letter.defects


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("=?utf-8?B?w5xiZXJmYWhydA==?=", "Überfahrt"),
        ("=?utf-8?B?w5xiZXJm?= =?utf-8?B?YWhydA==?=", "Überfahrt"),
        ("=?utf-8?B?4g==?= =?utf-8?B?gqw=?= each", "€ each"),
        ("=?iso-8859-1?Q?S=F8ren_is_here?=", "Søren is here"),
        ("=?ISO-8859-1*da?Q?S=F8ren?=", "Søren"),
        ("=?utf-8?q?What??=", "What?"),
        ("=?nonsense?q?caf=E9?=", "café"),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        ("=?utf-8?b?w5xiZXJmYWhydA?=", "Überfahrt"),
        ("=?gb2312?B?tKy1vcHL?=", "船到了"),
        ("Überfahrt", "Überfahrt"),
        ("=?iso-8859-1?q?Über?=", "Über"),
    ],
)
def test_subjects_in_any_encoding(raw, expected):
    assert parse(mail(f"Subject: {raw}")).subject == expected


def test_a_raw_latin_subject_is_read_by_the_charset_of_the_body():
    raw = mail("Content-Type: text/plain; charset=windows-1251", "Subject: SUBJECT").replace(b"SUBJECT", "Якорь".encode("cp1251"))
    assert parse(raw).subject == "Якорь"


@pytest.mark.security("S-037")
@pytest.mark.parametrize("word", ["=?utf-8?q?Hi=0D=0ABcc:_all?=", "=?utf-8?q?Hi=E2=80=A8there?=", "=?utf-8?q?Hi=00?="])
def test_an_encoded_line_break_stays_inside_its_header(word):
    letter = parse(mail(f"Subject: {word}", f"From: {word} <zoe@elsewhere.example>"))
    for value in (letter.subject, letter.from_.name, *(value for _, value in letter.headers)):
        assert not set(value) & set("\r\n\x00\u2028\u2029\x85")


def test_folded_headers_and_lines_that_belong_nowhere():
    raw = (
        b"From luis@harbor.example Mon Mar  2 09:42:00 2026\nReceived: from a\n\tby b\nSubject: The log\n won't open\n"
        b"nonsense without a colon\nFrom: luis@harbor.example\n\nHello"
    )
    letter = parse(raw)
    assert letter.subject == "The log won't open"
    assert letter.from_ == Mailbox("", "luis@harbor.example")
    assert letter.header("received") == "from a by b"
    assert letter.text == "Hello"
    assert letter.defects == ("a stray line among the headers",)


def test_stray_lines_before_the_headers_are_stepped_over():
    letter = parse(b"\r\n\r\n+OK 532 octets\r\nSubject: The log\r\nFrom: luis@harbor.example\r\n\r\nHello")
    assert (letter.subject, letter.text) == ("The log", "Hello")


def test_a_body_may_follow_without_an_empty_line():
    letter = parse(b"Subject: The log\nFrom: luis@harbor.example\nHello, it won't open.\nLuis")
    assert letter.text == "Hello, it won't open.\nLuis"
    assert "the headers end without an empty line" in letter.defects


@pytest.mark.parametrize(
    ("value", "expected"),
    [("<a b@x.example>", "ab@x.example"), ("bare@x.example", "bare@x.example"), ("<>", ""), ("", ""), ("<a@x> <b@x>", "a@x")],
)
def test_message_ids_as_they_come(value, expected):
    assert parse(mail(f"Message-ID: {value}")).message_id == expected


@pytest.mark.parametrize(
    "value",
    ["", "yesterday", "Mon, 99 Foo 2026 99:99:99 +9999", "Mon, 2 Mar 99999999 09:00:00", "0" * 5000, "Mon, 2 Mar 2026 09:42:00 +2500"],
)
def test_a_date_that_is_none_is_none(value):
    date = parse(mail(f"Date: {value}")).date
    assert date is None or date.tzinfo is not None


@pytest.mark.reliability("R-23")
def test_whatever_stands_in_a_mail_can_be_stored_on_both_databases():
    raw = mail(
        "Subject: a\x00b \ud83d=?utf-8?q?=ED=A0=80?=".encode("utf-8", "surrogatepass").decode("latin-1"),
        charset="latin-1",
        body=b"nul \x00 and \xed\xa0\x80 \xf0\x9f\x9a\xa2",
    )
    letter = parse(raw)
    words = [letter.subject, letter.text, *(value for pair in letter.headers for value in pair)]
    assert all("\x00" not in word and word.encode("utf-8") is not None for word in words)
    assert "🚢" in letter.text


def test_lone_carriage_returns_end_lines_too():
    assert parse(b"Subject: Old\rFrom: luis@harbor.example\r\rHello\rthere").text == "Hello\nthere"


def test_nothing_at_all_is_still_a_letter():
    letter = parse(b"")
    assert (letter.subject, letter.text, letter.from_, letter.attachments) == ("", "", None, ())
    assert parse(plain("")).text == ""
