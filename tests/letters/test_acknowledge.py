"""Whoever writes hears back at once: once, in the team's voice, and nothing that a stranger could have us repeat."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from django.db import IntegrityError

from mainstay.cases.actions import mark_spam, reply
from mainstay.cases.models import Case, Message, Severity
from mainstay.channels.models import Delivery
from mainstay.desk.forms import CAME_BY
from mainstay.events.models import Event
from mainstay.jobs import run_all
from mainstay.kernel import clock
from mainstay.letters import caps
from mainstay.letters.actions import acknowledge, change_acknowledgement, turn_off, turn_on
from mainstay.letters.models import Letter
from mainstay.people.models import Address
from tests.cast import MONDAY, Cast, words

HOUR = timedelta(hours=1)


def letters(case=None) -> list[str]:
    found = Message.objects.filter(is_letter=True).order_by("id")
    return list((found.filter(case=case) if case else found).values_list("body", flat=True))


def withheld() -> list[str]:
    return [event.data["reason"] for event in Event.objects.filter(kind="letter.withheld").order_by("id")]


def known(cast: Cast) -> None:
    """Maya has written to Luis before."""
    old = cast.case(answerable=False)
    reply(old, words(cast.maya))


def test_luis_hears_the_number_the_hours_and_when_a_person_will_read_it(desk) -> None:
    known(desk)
    case = desk.case()
    run_all()
    assert letters(case) == [
        "Hello Luis,\n"
        "\n"
        "we have your message “Overtime counts the holiday twice”. Its number is " + case.spoken_number + ".\n"
        "\n"
        "A person will read it today by 12:42.\n"
        "We are here Monday to Friday 9:00–17:00 (Europe/Berlin).\n"
        "\n"
        "If there is more to say, just reply: your words join the case.\n"
        "If it can't wait, call us: +1 512 555 0142.\n"
        "\n"
        "This much was automatic. The answer will come from a person.\n"
        "\n"
        "Journeyware Support"
    ]


def test_it_goes_to_the_address_that_he_wrote_from_under_an_id_of_ours(desk) -> None:
    Address.objects.create(person=desk.luis, value="luis@home.example")
    case = desk.case(actor=desk.luis)
    other = words(desk.luis, written_from="luis@home.example")
    from mainstay.cases.actions import open_case

    second = open_case(other, requester=desk.luis, subject="From home", team=desk.support).case
    run_all()
    assert Delivery.objects.get(message__case=case).address == "luis@harbor.example"
    delivery = Delivery.objects.select_related("message").get(message__case=second)
    assert (delivery.address, delivery.person) == ("luis@home.example", desk.luis)
    assert delivery.message.message_id.startswith("<")
    assert delivery.message.author is None


def test_a_mail_at_night_is_read_in_the_morning(desk) -> None:
    with clock.standing_at(MONDAY + 10 * HOUR):
        case = desk.case()
        run_all()
    assert "A person will read it tomorrow by 11:00." in letters(case)[0]


def test_a_customer_by_another_clock_is_told_whose_time_it_is(desk) -> None:
    desk.luis.time_zone = "America/Chicago"
    desk.luis.save()
    run_all()
    case = desk.case()
    run_all()
    assert "today by 12:42 (Europe/Berlin)." in letters(case)[0]


def test_what_there_is_nothing_to_say_about_is_left_out(cast) -> None:
    cast.support.phones = ""
    cast.support.save()
    cast.case()
    run_all()
    body = letters()[0]
    assert "call us" not in body
    assert "read it" not in body
    assert "We are here" not in body
    assert "just reply" in body


@pytest.mark.security("S-039")
def test_a_stranger_reads_no_word_that_somebody_else_could_have_put_there(desk) -> None:
    desk.zoe.name = "Win-a-car https://evil.example"
    desk.zoe.save()
    case = desk.case(requester=desk.zoe, subject="Your account is locked, call +1 900 555 0100")
    run_all()
    body = letters(case)[0]
    assert body.startswith("Hello,\n\nwe have your message. Its number is")
    assert "555 0100" not in body
    assert "evil" not in body
    assert Message.objects.get(is_letter=True).is_proven is False


@pytest.mark.security("S-039")
def test_many_first_mails_do_not_make_a_stranger_known(desk) -> None:
    for _ in range(4):
        desk.case(requester=desk.zoe, subject="Call +1 900 555 0100")
        run_all()
    assert not any("555 0100" in body for body in letters())


@pytest.mark.security("S-039")
def test_words_that_came_without_proof_are_not_repeated_to_a_customer_we_know(desk) -> None:
    known(desk)
    from mainstay.cases.actions import open_case

    case = open_case(words(desk.luis, is_proven=False), requester=desk.luis, subject="Call +1 900 555 0100", team=desk.support).case
    run_all()
    assert "555 0100" not in letters(case)[0]


def test_whoever_has_proven_an_address_is_greeted_by_name(desk) -> None:
    Address.objects.filter(person=desk.dana).update(verified_at=MONDAY)
    case = desk.case(requester=desk.dana)
    run_all()
    assert letters(case)[0].startswith("Hello Dana,")


def test_a_name_that_is_no_name_is_not_used(desk) -> None:
    known(desk)
    desk.luis.name = "www.cheap.example Luis"
    desk.luis.save()
    case = desk.case()
    run_all()
    assert letters(case)[0].startswith("Hello,")


@pytest.mark.security("S-040")
def test_a_machine_a_list_or_a_bounce_is_never_acknowledged(desk) -> None:
    desk.case(answerable=False)
    run_all()
    assert letters() == []
    assert withheld() == []


@pytest.mark.parametrize("came_by", [channel for channel, _ in CAME_BY])
def test_luis_who_called_or_stood_in_the_door_gets_it_when_maya_wants_it_sent(desk, client, came_by: str) -> None:
    client.force_login(desk.maya, backend="mainstay.ui.accounts.Backend")
    asked = {
        "address": "luis@harbor.example",
        "came_by": came_by,
        "subject": "Printer on fire",
        "words": "It burns.",
        "severity": Severity.objects.get(level=2).pk,
        "team": desk.support.pk,
        "acknowledge": "on",
    }
    client.post("/desk/cases/", asked)
    client.post("/desk/cases/", {name: value for name, value in asked.items() if name != "acknowledge"})
    run_all()
    wanted, unwanted = Case.objects.order_by("id")
    assert (len(letters(wanted)), len(letters(unwanted))) == (1, 0)
    assert wanted.spoken_number in letters(wanted)[0]
    assert Delivery.objects.get().address == "luis@harbor.example"


@pytest.mark.security("S-040")
@pytest.mark.parametrize(
    "address",
    [
        "no-reply@corvid.example",
        "noreply+ab12@corvid.example",
        "do_not_reply@corvid.example",
        "DoNotReply@corvid.example",
        "orders.noreply@corvid.example",
        "MAILER-DAEMON@corvid.example",
        "postmaster@corvid.example",
        "bounces+7@corvid.example",
        "nicht-antworten@corvid.example",
        "owner-announce@corvid.example",
        "announce-request@corvid.example",
    ],
)
def test_an_address_that_nobody_reads_gets_nothing_and_the_log_says_so(desk, address: str) -> None:
    from mainstay.cases.actions import open_case

    open_case(words(desk.dana, written_from=address), requester=desk.dana, subject="Order 7", team=desk.support)
    run_all()
    assert letters() == []
    assert withheld() == ["no-reply"]


@pytest.mark.parametrize("address", ["noah.replyman@corvid.example", "owner@x.example", "abuse@x.example", "bouncer@x.example"])
def test_people_are_not_taken_for_machines(address: str) -> None:
    assert not caps.is_nobody(address)


@pytest.mark.security("S-040")
def test_our_own_mailbox_typed_into_the_form_gets_nothing(desk) -> None:
    from mainstay.cases.actions import open_case

    own = words(desk.dana, written_from="Support@journeyware.example", channel="portal", is_proven=False)
    open_case(own, requester=desk.dana, subject="Loop", team=desk.support)
    run_all()
    assert letters() == []
    assert withheld() == ["own address"]


@pytest.mark.security("S-040")
def test_five_a_day_to_an_address_and_the_rest_is_withheld_with_the_reason(desk) -> None:
    for _ in range(7):
        desk.case(requester=desk.zoe)
    desk.case(requester=desk.dana)
    run_all()
    assert len(letters()) == 6
    assert withheld() == ["address", "address"]
    with clock.standing_at(MONDAY + 24 * HOUR):
        desk.case(requester=desk.zoe)
        run_all()
    assert len(letters()) == 7


@pytest.mark.security("S-040")
def test_two_automatic_messages_on_a_case_are_the_most(desk) -> None:
    from mainstay.cases.actions import write_letter

    case = desk.case(answerable=False)
    for _ in range(2):
        write_letter(case, words(None), letter="other")
    acknowledge(case.messages.earliest("id").id)
    assert withheld() == ["case"]


@pytest.mark.security("S-039")
def test_what_leaves_in_an_hour_is_bounded(desk, monkeypatch) -> None:
    monkeypatch.setattr(caps, "PER_HOUR", 3)
    monkeypatch.setattr(caps, "PARTS", 1)
    for person in (desk.luis, desk.dana, desk.zoe, desk.luis):
        desk.case(requester=person)
    run_all()
    assert len(letters()) == 3
    assert withheld() == ["hour"]


def test_spam_and_what_was_answered_meanwhile_is_not_acknowledged(desk) -> None:
    mark_spam(desk.case(), by=desk.maya)
    reply(desk.case(), words(desk.maya))
    run_all()
    assert letters() == []


def test_a_case_is_acknowledged_once_however_often_it_is_asked(desk) -> None:
    case = desk.case()
    run_all()
    assert acknowledge(case.messages.earliest("id").id) is None
    assert len(letters(case)) == 1
    with pytest.raises(IntegrityError):
        Letter.objects.create(case=case, kind="acknowledgement", message=case.messages.earliest("id"), at=MONDAY)


def test_a_case_that_answers_a_long_resolved_one_is_acknowledged(desk) -> None:
    from mainstay.cases.actions import resolve
    from mainstay.channels.intake import Incoming, take_in

    case = desk.case()
    resolve(case, how="answered", by=desk.maya)
    run_all()
    with clock.standing_at(MONDAY + timedelta(days=120)):
        message = take_in(Incoming(words=words(desk.luis), sender=desk.luis, subject="Again", team=desk.support, case=case))
        run_all()
    assert message.case != case
    assert len(letters(message.case)) == 1


def test_a_letter_keeps_no_promise_and_moves_no_queue(desk) -> None:
    case = desk.case()
    before = case.last_message_at, case.message_count
    run_all()
    case.refresh_from_db()
    assert (case.last_message_at, case.message_count) == before
    assert not case.last_was_ours
    assert case.due_what == "read"


def test_a_team_says_it_in_its_own_words_or_not_at_all(desk) -> None:
    change_acknowledgement(desk.support, "Got it, {number}. {team}", by=desk.aiko)
    case = desk.case()
    run_all()
    assert letters(case) == [f"Got it, {case.spoken_number}. Journeyware Support"]
    turn_off(desk.support, by=desk.aiko)
    silent = desk.case()
    run_all()
    assert letters(silent) == []
    turn_on(desk.support, by=desk.aiko)
    again = desk.case()
    run_all()
    assert letters(again) == [f"Got it, {again.spoken_number}. Journeyware Support"]


def test_a_letter_costs_eleven_queries(desk, django_assert_num_queries) -> None:
    """Four of our own, and seven that any message costs: itself, whom it goes to, its event, its delivery with token and job."""
    case = desk.case()
    with django_assert_num_queries(4 + 7):
        acknowledge(case.messages.get().id)


@pytest.mark.security("S-039")
def test_the_mail_around_the_letter_repeats_a_strangers_words_no_more_than_the_letter(desk) -> None:
    from mainstay.mail.compose import compose
    from mainstay.mail.models import Mailbox
    from mainstay.mail.outgoing import prepare

    desk.zoe.name = "Zoe Evilword"
    desk.zoe.save()
    known(desk)
    desk.case(requester=desk.zoe, subject="Evilword, call +1 900", body="Evilword https://evilword.example")
    desk.case(subject="Evilword is the name of our ward")
    run_all(raise_errors=False)
    mails = {}
    for delivery in Delivery.objects.filter(message__is_letter=True).select_related("message__case__team", "person"):
        mails[delivery.person.id] = message_from_bytes(compose(prepare(delivery, Mailbox.objects.get()).mail))
    stranger, customer = mails[desk.zoe.id], mails[desk.luis.id]
    assert "evilword" not in _everything(stranger).lower()
    assert "case" in str(make_header(decode_header(stranger["Subject"])))
    assert "Evilword is the name of our ward" in str(make_header(decode_header(customer["Subject"])))


def _everything(mail) -> str:
    """Headers and texts of a mail, decoded."""
    headers = " ".join(str(make_header(decode_header(value))) for value in mail.values())
    bodies = " ".join(part.get_payload(decode=True).decode() for part in mail.walk() if part.get_content_maintype() == "text")
    return headers + bodies
