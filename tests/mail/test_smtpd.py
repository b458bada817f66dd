"""The listener, spoken to over a real line."""

from __future__ import annotations

import smtplib
import socket

import pytest
from django.db import connection

from mainstay.kernel import blobs
from mainstay.mail import room, smtpd
from mainstay.mail.actions import make_mailbox
from mainstay.mail.models import RawMail
from tests.cast import Cast
from tests.mail.listener import listening
from tests.mail.post import SUPPORT, letter, reply_address

HELLO = b"EHLO mx.harbor.example\r\n"
START = [HELLO, b"MAIL FROM:<luis@harbor.example>\r\n", f"RCPT TO:<{SUPPORT}>\r\n".encode(), b"DATA\r\n"]


@pytest.fixture
def cast(cast_committed: Cast) -> Cast:
    return cast_committed


@pytest.fixture
def line(listener, support):
    return listener


@pytest.mark.reliability("R-01")
def test_two_fifty_comes_when_the_mail_is_on_the_disk(line):
    raw = letter()
    assert line.send(raw) == {}
    mail = RawMail.objects.get()
    assert blobs.read(mail.hash) == raw
    assert mail.peer == "127.0.0.1"


def test_eight_bits_long_lines_and_dots_come_as_they_were_sent(line):
    raw = letter(b"\xff\xfe caf\xe9\r\n.\r\n..two\r\n" + b"x" * 200_000 + b"\r\n")
    line.send(raw)
    assert blobs.read(RawMail.objects.get().hash) == raw


def test_an_address_in_another_alphabet_may_write(line):
    with smtplib.SMTP("127.0.0.1", line.port) as server:
        server.send_message(_message(), "lüis@harbor.example", [SUPPORT], mail_options=["SMTPUTF8"])
    assert RawMail.objects.get().envelope_from == "lüis@harbor.example"


def _message():
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "lüis@harbor.example", SUPPORT, "Grüße"
    message.set_content("Hi")
    return message


@pytest.mark.security("S-035")
@pytest.mark.parametrize(
    "to",
    [
        "nobody@journeyware.example",
        "support@other.example",
        "support+x@journeyware.example",
        "support+" + "0" * 32 + "@journeyware.example",
    ],
)
def test_whoever_is_not_here_is_refused_at_once(line, to):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        line.send(letter(), to)
    assert refusal.value.recipients[to][0] == 550


def test_reply_addresses_and_aliases_are_here(line, cast):
    case = cast.case()
    assert line.send(letter(), reply_address(case, cast.luis), "HELP@journeyware.example") == {}


def test_a_new_mailbox_is_known_within_seconds(line, cast):
    make_mailbox("sales@journeyware.example", team=cast.billing)
    assert line.send(letter(), "sales@journeyware.example") == {}


def test_a_mail_that_is_too_large_is_refused_for_good(listener, support, settings, monkeypatch):
    settings.MAIL_LIMIT = 10_000
    with pytest.raises(smtplib.SMTPSenderRefused) as refusal:
        listener.send(letter("x" * 20_000))
    assert refusal.value.smtp_code == 552
    answers = listener.speak(*START, letter("x" * 70 + "\r\n" * 10_000) + b"\r\n.\r\n")
    assert answers[-1].startswith(b"552")
    assert not RawMail.objects.exists()


@pytest.mark.reliability("R-03")
def test_a_full_disk_says_come_back_later(line, monkeypatch):
    monkeypatch.setattr(room, "left", lambda: 0)
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        line.send(letter())
    assert refusal.value.smtp_code == 452
    monkeypatch.undo()
    assert line.send(letter()) == {}


@pytest.mark.reliability("R-40")
def test_a_database_that_went_away_and_came_back_costs_no_mail(line):
    line.send(letter())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
    assert line.send(letter()) == {}
    assert RawMail.objects.count() == 2


@pytest.mark.security("S-041")
@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\n\n.\r\n"])
def test_only_the_right_end_ends_a_mail(line, end):
    smuggled = (
        b"First" + end + b"MAIL FROM:<ceo@harbor.example>\r\nRCPT TO:<support@journeyware.example>\r\nDATA\r\nFrom: ceo\r\n\r\nPay\r\n.\r\n"
    )
    answers = line.speak(*START, letter(b"")[:-2] + b"\r\n" + smuggled)
    assert answers[-1].startswith(b"250")
    assert RawMail.objects.count() == 1
    assert b"Pay" in blobs.read(RawMail.objects.get().hash)


@pytest.mark.security("S-041")
def test_commands_sent_ahead_are_answered_in_order_and_make_one_mail(line):
    ahead = b"".join(START) + letter() + b"\r\n.\r\nQUIT\r\n"
    with socket.create_connection(("127.0.0.1", line.port), timeout=5) as wire:
        wire.sendall(ahead)
        wire.settimeout(5)
        said = b""
        while piece := wire.recv(4096):
            said += piece
    assert b"354" in said and b"221" in said
    assert RawMail.objects.count() == 1


@pytest.mark.security("S-041")
def test_recipients_are_bounded(line):
    answers = line.speak(*START[:2], *[f"RCPT TO:<{SUPPORT}>\r\n".encode()] * 101)
    assert answers[-2].startswith(b"250")
    assert answers[-1].startswith(b"452")


@pytest.mark.security("S-028")
def test_guessing_addresses_ends_the_conversation(line):
    tries = [f"RCPT TO:<support+{number:032x}@journeyware.example>\r\n".encode() for number in range(21)]
    answers = line.speak(*START[:2], *tries)
    assert answers[-2].startswith(b"550")
    assert answers[-1].startswith(b"421")


@pytest.mark.security("S-041")
def test_one_peer_gets_a_bounded_number_of_lines(line, monkeypatch):
    monkeypatch.setattr(smtpd, "CONNECTIONS_OF_ONE", 3)
    lines = [socket.create_connection(("127.0.0.1", line.port), timeout=5) for _ in range(4)]
    answers = [one.recv(200)[:3] for one in lines]
    for one in lines:
        one.close()
    assert answers == [b"220"] * 3 + [b"421"]


def test_a_client_that_hangs_up_before_the_end_leaves_nothing(line):
    with socket.create_connection(("127.0.0.1", line.port), timeout=5) as wire:
        for piece in [b"", *START]:
            wire.sendall(piece)
            wire.recv(4096)
        wire.sendall(letter()[:50])
    assert line.send(letter()) == {}
    assert RawMail.objects.count() == 1


def test_it_tells_nobody_who_is_here_or_what_runs(line):
    answers = line.speak(HELLO, b"VRFY <support@journeyware.example>\r\n", b"EXPN staff\r\n", b"AUTH PLAIN AGEAYg==\r\n")
    assert answers[2].startswith(b"252")
    assert answers[3].startswith(b"502")
    assert answers[4].startswith(b"5")
    assert b"aiosmtpd" not in answers[0] and b"ython" not in answers[0]


def test_lmtp_answers_once_for_each_recipient(committed, support, cast):
    case = cast.case()
    with listening(is_lmtp=True) as line:
        to = [SUPPORT, reply_address(case, cast.luis)]
        recipients = [f"RCPT TO:<{one}>\r\n".encode() for one in to]
        answers = line.speak(b"LHLO mx\r\n", START[1], *recipients, b"DATA\r\n", letter() + b"\r\n.\r\n")
    assert answers[-1].count(b"250 2.0.0") == 2
