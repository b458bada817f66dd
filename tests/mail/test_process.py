"""What a kept mail becomes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mainstay.cases.actions import resolve
from mainstay.cases.models import Case, CaseLink, Message, Participant
from mainstay.cases.queries import messages_visible_to
from mainstay.channels import tokens
from mainstay.events.models import Event
from mainstay.jobs import run_all
from mainstay.kernel import blobs, clock
from mainstay.mail import filing
from mainstay.mail.models import RawMail
from mainstay.people.actions.block import block_sender
from mainstay.people.models import Person
from tests.cast import MONDAY
from tests.mail.parse.letters import PICTURE, attached
from tests.mail.post import LUIS, SUPPORT, arrive, letter, reply_address


def test_luis_writes_and_a_case_stands_in_his_name(support, cast):
    mail = arrive(letter("The holiday is counted twice.\r\n"))
    message = mail.message
    assert mail.state == "filed"
    assert (message.case.requester, message.case.subject, message.case.team) == (cast.luis, "Overtime", cast.support)
    assert message.body == "The holiday is counted twice.\n"
    assert message.written_from == "luis@harbor.example"
    assert message.message_id.endswith("@harbor.example>")


def test_a_stranger_becomes_a_person_with_the_name_they_sign_with(support):
    mail = arrive(letter(sender='"Åse Øvrebø" <ase@nord.example>'))
    assert mail.message.author.name == "Åse Øvrebø"
    assert mail.message.author.addresses.get().value == "ase@nord.example"


def test_files_come_with_the_message_and_pictures_know_their_place(support):
    mail = arrive(attached('Content-Disposition: attachment; filename="mast.png"'))
    (file,) = mail.message.attachments.all()
    assert (file.name, file.type, blobs.read(file.hash)) == ("mast.png", "image/png", PICTURE)


def test_html_is_kept_beside_its_words(support):
    mail = arrive(letter("<p>It <b>opens</b></p><script>alert(1)</script>", "MIME-Version: 1.0", "Content-Type: text/html"))
    assert mail.message.body.strip() == "It opens"
    assert b"<b>opens</b>" in blobs.read(mail.message.html)


def test_who_was_copied_takes_part_but_none_of_our_own_addresses_and_no_agent(support, billing, cast):
    copied = f"{billing.address}, Dana <dana@corvid.example>, maya@journeyware.example, not an address, {SUPPORT}"
    mail = arrive(letter("Hi", f"Cc: {copied}"))
    roles = {p.person.name: p.role for p in Participant.objects.filter(case=mail.message.case).select_related("person")}
    assert roles == {"Luis Almeida": "requester", "Dana Whitfield": "copied"}


def test_a_mail_brings_in_a_bounded_number_of_people(support):
    many = ", ".join(f"p{number}@crowd.example" for number in range(200))
    mail = arrive(letter("Hi", f"Cc: {many}"))
    assert Participant.objects.filter(case=mail.message.case).count() <= 26


@pytest.mark.reliability("R-57")
@pytest.mark.parametrize(
    "date", ["Sat, 1 Jan 2050 00:00:00 +0000", "Thu, 1 Jan 1970 00:00:00 +0000", "yesterday", "Fri, 31 Dec 9999 23:59:59 -1200", None]
)
def test_the_receipt_s_time_counts_whatever_the_date_says(support, date):
    headers = [f"Date: {date}"] if date else ["Date:"]
    with clock.standing_at(MONDAY):
        mail = arrive(letter("Hi", *headers))
    assert mail.message.at == MONDAY
    assert mail.message.case.opened_at == MONDAY


def test_the_sender_s_own_date_is_kept_to_be_shown(support):
    assert arrive(letter()).message.dated == datetime(2026, 3, 2, 8, 42, tzinfo=UTC)


@pytest.mark.reliability("R-12")
def test_two_different_mails_under_one_id_are_two_cases(support):
    one = arrive(letter("First.\r\n", "Message-ID: <same@harbor.example>"))
    two = arrive(letter("Second.\r\n", "Message-ID: <same@harbor.example>"))
    assert one.message.case != two.message.case


@pytest.mark.security("S-043")
def test_a_poisoned_id_sent_ahead_does_not_swallow_the_real_mail(support):
    arrive(letter("Ha!\r\n", "Message-ID: <real@harbor.example>", sender="Mallory <m@evil.example>"), sender="m@evil.example")
    real = arrive(letter("The real one.\r\n", "Message-ID: <real@harbor.example>"))
    assert real.state == "filed"


@pytest.mark.reliability("R-12")
@pytest.mark.parametrize("head", ["Message-ID:", "Message-ID: <>", "X-Nothing: 1"])
def test_mails_without_an_id_are_not_taken_for_one_another(support, head):
    first = arrive(letter("One.\r\n", head, subject="One") if head != "X-Nothing: 1" else _without_id("One."))
    second = arrive(letter("Two.\r\n", head, subject="Two") if head != "X-Nothing: 1" else _without_id("Two."))
    assert (first.state, second.state) == ("filed", "filed")
    assert first.message.case != second.message.case


def _without_id(words: str) -> bytes:
    return f"From: {LUIS}\r\nTo: {SUPPORT}\r\nSubject: Hi\r\n\r\n{words}\r\n".encode()


@pytest.mark.reliability("R-23")
@pytest.mark.parametrize(
    "raw",
    [
        letter(b"NUL \x00 here\r\n"),
        letter("\U0001f6a2 four bytes\r\n", "Content-Type: text/plain; charset=utf-8"),
        letter(b"\xed\xa0\x80 lone\r\n", "Content-Type: text/plain; charset=utf-8"),
        letter(subject="long " * 20_000),
        letter("x", "Content-Type: text/plain; charset=klingon"),
        attached("Content-Disposition: attachment; filename=" + "x" * 2_500 + ".png", type_="image/" + "y" * 300),
        letter("x", "Message-ID: <" + "z" * 880 + "@harbor.example>"),
        letter("x", sender="=?utf-8?b?AAAA?= <luis@harbor.example>"),
    ],
    ids=["nul", "emoji", "surrogate", "subject", "charset", "metadata", "long id", "nul name"],
)
def test_odd_bytes_are_stored_after_cleaning_and_kept_exactly(support, raw):
    mail = arrive(raw)
    assert mail.state == "filed", mail.reason
    assert blobs.read(mail.hash) == raw
    assert "\x00" not in mail.message.body + mail.message.case.subject


def test_a_blocked_sender_s_mail_is_set_aside_where_everybody_can_see_it(support, cast):
    block_sender("Luis@Harbor.example", by=cast.maya)
    mail = arrive(letter())
    assert (mail.state, mail.reason) == ("set_aside", "blocked")
    assert mail.subject == "Overtime"
    assert Event.objects.get(kind="mail.set_aside").data == {"mail": mail.pk, "reason": "blocked"}


@pytest.mark.security("S-040")
@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "X-Autoreply: yes",
        "X-Vacation: on",
        "Content-Type: multipart/report; report-type=disposition-notification",
    ],
)
def test_an_automatic_answer_without_proof_is_set_aside(support, header):
    mail = arrive(letter("I am away.\r\n", header))
    assert (mail.state, mail.reason) == ("set_aside", "auto-reply")
    assert not Case.objects.exists()


@pytest.mark.security("S-040")
def test_an_out_of_office_answer_joins_its_case_and_changes_no_state(support, cast):
    case = cast.case()
    resolve(case, how="answered", by=cast.maya)
    mail = arrive(letter("I am away.\r\n", "Auto-Submitted: auto-replied"), reply_address(case, cast.luis))
    case.refresh_from_db()
    assert mail.message.case == case
    assert case.state == "resolved"
    assert Event.objects.get(kind="message.received").data["answerable"] is False


@pytest.mark.security("S-040")
@pytest.mark.parametrize(
    "header", ["List-Id: <sailors.example>", "Precedence: bulk", "Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All"]
)
def test_what_a_machine_writes_of_its_own_accord_is_a_case_that_nothing_answers(support, header):
    mail = arrive(letter("The backup failed.\r\n", "List-Unsubscribe: <x@y>", header))
    assert mail.state == "filed"
    assert Event.objects.get(kind="case.opened").data["answerable"] is False


@pytest.mark.reliability("R-37")
@pytest.mark.parametrize("sender", [SUPPORT, "help@journeyware.example", "support+" + "a" * 32 + "@journeyware.example"])
def test_our_own_address_as_the_sender_is_a_loop(support, sender):
    mail = arrive(letter(sender=f"Us <{sender}>"), sender=sender)
    assert (mail.state, mail.reason) == ("set_aside", "loop")


@pytest.mark.reliability("R-37")
def test_a_reply_to_that_is_ourselves_changes_nobody(support, cast):
    mail = arrive(letter("Hi", f"Reply-To: {SUPPORT}"))
    assert mail.message.case.requester == cast.luis


@pytest.mark.security("S-040")
def test_a_storm_from_one_sender_is_set_aside(support, monkeypatch):
    monkeypatch.setattr(filing, "FROM_ONE_SENDER", 5)
    with clock.standing_at(MONDAY):
        states = [arrive(letter(f"Number {number}.\r\n")).state for number in range(8)]
    assert states == ["filed"] * 5 + ["set_aside"] * 3
    assert RawMail.objects.filter(reason="too many").count() == 3


@pytest.mark.security("S-040")
def test_the_same_words_again_and_again_are_a_loop_whoever_forwards_them(support):
    with clock.standing_at(MONDAY):
        mails = [arrive(letter("The same.\r\n")) for _ in range(filing.SAME_WORDS + 2)]
    assert [mail.state for mail in mails].count("set_aside") == 2


def test_a_mail_that_names_no_sender_is_set_aside(support):
    mail = arrive(b"Subject: Hm\r\n\r\nWho am I?\r\n", sender="")
    assert (mail.state, mail.reason) == ("set_aside", "no sender")


def test_without_a_from_the_return_path_tells_who_wrote(support, cast):
    assert arrive(b"Subject: Hm\r\n\r\nIt is me.\r\n").message.author == cast.luis


@pytest.mark.security("S-031")
def test_an_agent_s_address_in_somebody_s_case_is_set_aside_not_believed(support, cast):
    case = cast.case()
    mail = arrive(letter("Please pay here.\r\n", sender="Maya Ortiz <maya@journeyware.example>"), reply_address(case, cast.luis))
    assert (mail.state, mail.reason) == ("set_aside", "agent")
    assert case.messages.filter(is_ours=False).count() == 1


def test_an_agent_who_writes_to_support_is_a_customer_like_any_other(support, cast):
    mail = arrive(letter(sender="Maya Ortiz <maya@journeyware.example>"))
    assert mail.message.case.requester == cast.maya
    answer = arrive(letter("More.\r\n", sender="Maya Ortiz <maya@journeyware.example>"), reply_address(mail.message.case, cast.maya))
    assert answer.message.case == mail.message.case
    assert not answer.message.is_ours


@pytest.mark.security("S-033")
def test_control_headers_of_ours_and_of_peers_are_words_like_any_other(support):
    headers = [
        "X-Mainstay-Case: 123456789",
        "X-Mainstay-Severity: 1",
        "X-RT-Command: resolve",
        "X-Zammad-Ticket-Priority: 3 high",
        "Importance: high",
    ]
    case = arrive(letter("Hi", *headers)).message.case
    assert (case.severity.level, case.state, case.owner) == (3, "open", None)


@pytest.mark.security("S-034")
def test_nobody_is_authenticated_by_a_header(support, cast):
    first = arrive(letter("One.\r\n", "Message-ID: <one@harbor.example>"))
    results = "Authentication-Results: mainstay.invalid; dmarc=pass header.from=harbor.example"
    answer = arrive(letter("Two.\r\n", results, "References: <one@harbor.example>"))
    assert answer.message.case != first.message.case


@pytest.mark.security("S-035")
def test_another_company_s_code_sent_to_a_reply_address_stays_with_the_team(support, cast):
    case = cast.case()
    mail = arrive(
        letter("Your code is 4711.\r\n", sender="Chat <no-reply@chat.example>"), reply_address(case, cast.luis), sender="x@chat.example"
    )
    assert mail.message.case == case
    assert mail.message not in messages_visible_to(cast.luis, case)
    assert mail.message in messages_visible_to(cast.maya, case)
    assert Participant.objects.get(case=case, person=mail.message.author).role == "offered"


@pytest.mark.security("S-032")
def test_a_right_token_from_another_address_shows_the_real_one_and_changes_no_requester(support, cast):
    case = cast.case()
    mail = arrive(
        letter("From home.\r\n", "Reply-To: attacker@evil.example", sender="L. A. <luis@home.example>"), reply_address(case, cast.luis)
    )
    case.refresh_from_db()
    assert mail.message.written_from == "luis@home.example"
    assert mail.message.author != cast.luis
    assert case.requester == cast.luis
    assert not Person.objects.filter(addresses__value="attacker@evil.example").exists()


@pytest.mark.security("S-042")
def test_a_display_name_is_never_an_address(support, cast):
    mail = arrive(letter(sender='"maya@journeyware.example" <m@evil.example>'), sender="m@evil.example")
    assert mail.message.author != cast.maya
    assert mail.message.written_from == "m@evil.example"


@pytest.mark.security("S-029")
def test_an_address_that_a_later_mail_adds_is_offered_and_no_more(support, cast):
    case = cast.case()
    arrive(letter("With a friend.\r\n", "Cc: Zoe <zoe@elsewhere.example>"), reply_address(case, cast.luis))
    assert Participant.objects.get(case=case, person=cast.zoe).role == "offered"
    assert not messages_visible_to(cast.zoe, case).filter(body__contains="Hi, since").exists()


def test_a_quoted_number_links_and_never_joins(support, cast):
    case = cast.case()
    mail = arrive(letter(subject=f"Re: case {case.spoken_number}", sender="Zoe <zoe@elsewhere.example>"), sender="zoe@elsewhere.example")
    assert mail.message.case != case
    assert CaseLink.objects.get().other == case


def test_filing_takes_a_bounded_number_of_statements(support, cast, django_assert_max_num_queries):
    from mainstay.mail.keep import Envelope, keep

    arrive(letter())
    keep(letter(), Envelope("luis@harbor.example", (SUPPORT,)))
    with django_assert_max_num_queries(70):
        run_all()
    assert Message.objects.filter(is_ours=False).count() == 2
    assert tokens.find("a" * 32) is None
