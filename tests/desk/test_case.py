"""The page of one case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.cases.actions import FileKept, add_note, link_cases, receive, reply, set_severity, tag, touch, write_letter
from mainstay.cases.models import Case, CaseLink, Message, Severity
from mainstay.channels.actions import failed, post
from mainstay.events.models import Event
from mainstay.kernel import clock
from mainstay.people.models import Person
from tests.cast import MONDAY, words
from tests.desk.sitting import client_of


def page_of(client, case, **query) -> str:
    response = client.get(f"/desk/cases/{case.number}/", query)
    assert response.status_code == 200
    return response.content.decode()


def test_looking_at_a_case_changes_nothing_and_its_page_posts_the_touch(cast, maya):
    case = cast.case()
    before = Event.objects.count()
    page = page_of(maya, case)
    case.refresh_from_db()
    assert case.touched_at is None
    assert Event.objects.count() == before
    assert 'hx-trigger="intersect once delay:1s"' in page
    assert maya.post(f"/desk/cases/{case.number}/touch", HTTP_HX_REQUEST="true").status_code == 204
    case.refresh_from_db()
    assert case.touched_at is not None


def test_without_scripts_a_button_says_i_have_read_it(cast, maya):
    case = cast.case()
    assert "I have read it" in page_of(maya, case)
    assert maya.post(f"/desk/cases/{case.number}/touch").status_code == 303


def test_the_first_touch_bar_sets_severity_owner_backup_and_aim_at_once(cast, maya):
    case = cast.case()
    values = {"severity": "2", "owner": cast.maya.pk, "backup": cast.tom.pk, "aim": "send the hours on Tuesday"}
    assert maya.post(f"/desk/cases/{case.number}/touch", values).status_code == 303
    case.refresh_from_db()
    assert (case.severity.level, case.owner, case.backup, case.aim) == (2, cast.maya, cast.tom, "send the hours on Tuesday")
    assert case.touched_at is not None
    assert 'class="first-touch"' not in page_of(maya, case)


def test_the_bar_stays_until_somebody_decides_anything(cast, maya):
    case = cast.case()
    touch(case, by=cast.maya)
    assert 'class="first-touch"' in page_of(maya, case)
    set_severity(case, Severity.objects.get(level=1), by=cast.maya)
    assert 'class="first-touch"' not in page_of(maya, case)


def test_the_thread_stands_in_order_with_sentences_in_between(cast, maya):
    with clock.standing_at(MONDAY):
        case = cast.case(body="It is Luis who asks")
        clock.advance(timedelta(minutes=1))
        set_severity(case, Severity.objects.get(level=2), by=cast.tom)
        clock.advance(timedelta(minutes=1))
        add_note(case, "Tom notes **this**", by=cast.tom)
        clock.advance(timedelta(minutes=1))
        reply(case, words(cast.maya, "Maya answers", to=[(cast.luis, "luis@harbor.example")], format="markdown"))
        page = page_of(maya, case)
    places = [page.index(text) for text in ("It is Luis who asks", "Tom set severity 2 · High", "Tom notes <strong>this", "Maya answers")]
    assert places == sorted(places)
    assert "note, only your team sees it" in page


def test_quoted_text_is_folded_and_the_new_words_are_open(cast, maya):
    case = cast.case()
    text = "Still broken.\n\n> On Monday you wrote:\n> hello"
    receive(case, words(cast.luis, text, cut=13))
    page = page_of(maya, case)
    assert page.index("Still broken.") < page.index("Quoted text") < page.index("On Monday you wrote")


def test_a_letter_says_that_nobody_wrote_it(cast, maya):
    case = cast.case()
    write_letter(case, words(None, "We have it.", to=[(cast.luis, "luis@harbor.example")]), letter="acknowledgement")
    assert "sent automatically" in page_of(maya, case)


def test_words_from_an_address_that_is_not_known_carry_a_badge(cast, maya):
    case = cast.case()
    receive(case, words(cast.luis, "from home", written_from="luis@private.example"))
    receive(case, words(cast.luis, "not proven", written_from="luis@harbor.example", is_proven=False))
    page = page_of(maya, case)
    assert "from another address: luis@private.example" in page
    assert "sender not proven: luis@harbor.example" in page
    assert page.count("from another address") == 1


def test_a_mail_that_failed_says_why_and_can_be_sent_again(cast, maya, sending):
    case = cast.case()
    message = reply(case, words(cast.maya, "Hello", to=[(cast.luis, "luis@harbor.example")], channel="trial"))
    delivery = post(message, [(cast.luis, "luis@harbor.example")])[0]
    failed(delivery, answer="550 no such user")
    page = page_of(maya, case)
    assert "could not be delivered" in page
    assert "550 no such user" in page
    maya.post(f"/desk/cases/{case.number}/deliveries/{delivery.pk}/retry")
    delivery.refresh_from_db()
    assert delivery.state == "queued"
    assert sending == [delivery.pk, delivery.pk]


def test_to_another_address_only_if_it_is_the_same_persons(cast, maya, sending):
    from mainstay.people.models import Address

    case = cast.case()
    Address.objects.create(person=cast.luis, value="luis@private.example")
    message = reply(case, words(cast.maya, "Hello", to=[(cast.luis, "luis@harbor.example")], channel="trial"))
    delivery = post(message, [(cast.luis, "luis@harbor.example")])[0]
    failed(delivery, answer="no")
    url = f"/desk/cases/{case.number}/deliveries/{delivery.pk}/retry"
    assert maya.post(url, {"address": "dana@corvid.example"}).status_code == 422
    maya.post(url, {"address": "Luis@Private.example"})
    delivery.refresh_from_db()
    assert delivery.address == "luis@private.example"


def test_long_cases_fold_what_is_older_than_fifty_messages(cast, maya):
    case = cast.case(body="the very first")
    for number in range(59):
        receive(case, words(cast.luis, f"message {number:02}"))
    page = page_of(maya, case)
    assert "the very first" not in page
    assert "10 older messages" in page
    assert "message 58" in page
    assert "the very first" in page_of(maya, case, shown=1000)


@pytest.mark.parametrize("shown", ["-1", "0", "x", "999999999999", "²"])
def test_any_number_of_messages_may_be_asked_for_and_a_sane_one_is_given(cast, maya, shown):
    assert "Luis Almeida" in page_of(maya, cast.case(), shown=shown)


def test_a_long_case_costs_as_many_queries_as_a_short_one(cast, maya):
    def made(count):
        case = cast.case(copied=[cast.dana])
        for number in range(count):
            file = FileKept.keep(f"{number}.txt", "text/plain", b"x")
            receive(case, words(cast.luis, f"m{number}", files=[file]))
            reply(case, words(cast.maya, f"r{number}", to=[(cast.luis, "luis@harbor.example")], files=[file]))
            add_note(case, f"n{number}", by=cast.tom, files=[file])
            tag(case, f"tag-{number}", by=cast.tom)
        return case

    def cost(case):
        # The lesser of two: now and then a page also asks how mail and jobs are doing, and keeps the answer for a while.
        costs = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                page_of(maya, case)
            costs.append(len(queries))
        return min(costs)

    short, long = made(2), made(20)
    assert cost(short) == cost(long)
    assert cost(long) <= 45


def test_links_lead_only_to_cases_that_one_may_see(cast, maya):
    case, other, hidden = cast.case(), cast.case(subject="the old one"), cast.case(subject="secret billing", team=cast.billing)
    link_cases(case, other, kind=CaseLink.Kind.LATE)
    link_cases(case, hidden, kind=CaseLink.Kind.HINT)
    page = page_of(maya, case)
    assert str(other.number) in page
    assert str(hidden.number) not in page


def test_the_page_asks_again_for_what_changed_and_leaves_the_composer_alone(cast, maya):
    case = cast.case()
    receive(case, words(cast.luis, "news"))
    page = maya.get(f"/desk/cases/{case.number}/thread", HTTP_HX_REQUEST="true").content.decode()
    assert page.lstrip().startswith('<div class="thread-frame" id="thread"')
    assert "news" in page
    assert 'hx-target="#case-head"' in page
    assert 'hx-target="#about-case"' in page
    assert "<textarea" not in page


def test_opening_the_next_case_from_the_list_brings_just_the_case(cast, maya):
    case = cast.case(subject="second")
    page = maya.get(f"/desk/cases/{case.number}/", {"queue": "open"}, HTTP_HX_REQUEST="true").content.decode()
    assert "<title>second · Mainstay</title>" in page
    assert 'id="case"' in page
    assert 'hx-target="#about-case"' in page
    assert 'id="queue"' not in page


def test_a_customer_without_a_name_and_a_case_without_a_subject_have_a_page(cast, maya):
    nobody = Person.objects.create()
    case = cast.case(requester=nobody, subject="")
    page = page_of(maya, case)
    assert "(no subject)" in page
    assert "Somebody" in page


def test_a_lead_sees_what_an_agent_sees(cast):
    assert client_of(cast.aiko).get(f"/desk/cases/{cast.case().number}/").status_code == 200


def test_customers_words_never_become_markup(cast, maya):
    case = cast.case(body="<script>alert(1)</script> & **not bold**")
    page = page_of(maya, case)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "**not bold**" in page
    assert Message.objects.filter(case=case).count() == 1
    assert Case.objects.get(pk=case.pk).message_count == 1


def test_whoever_has_a_picture_of_themselves_is_seen_beside_their_words(cast, maya):
    cast.maya.photo = "a" * 64
    cast.maya.save()
    case = cast.case()
    reply(case, words(cast.maya, "Hello", to=[(cast.luis, "luis@harbor.example")]))
    assert f'src="/face/{"a" * 64}"' in page_of(maya, case)
