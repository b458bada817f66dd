"""Writing, sending, changing one's mind."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from mainstay.cases.actions import FileKept, receive
from mainstay.cases.models import Case, Message, Note
from mainstay.channels.actions import Stale, attach, press, release, save_draft, undo
from mainstay.channels.models import Delivery, Draft
from mainstay.events.models import Event
from mainstay.jobs import run_all
from mainstay.kernel import clock
from tests.cast import MONDAY, words


def written(cast, case, *, body="Switch off the state calendar.", kind="reply", then=None, people=None, seen=None):
    last = case.messages.order_by("-id").values_list("id", flat=True).first()
    to = [cast.luis.id] if people is None else people
    return save_draft(case, author=cast.maya, kind=kind, body=body, people=to, seen=last if seen is None else seen, then=then or {})


def test_until_its_release_a_reply_is_nothing_at_all(cast):
    with clock.standing_at(MONDAY):
        case = cast.case()
        press(written(cast, case), undo_seconds=10)
        run_all()
        assert Message.objects.filter(is_ours=True, is_letter=False).count() == 0
        assert not Event.objects.filter(kind="reply.sent").exists()


def test_after_the_undo_time_it_goes_out_under_her_name(cast):
    with clock.standing_at(MONDAY):
        case = cast.case()
        draft = written(cast, case)
        press(draft, undo_seconds=10)
        clock.advance(timedelta(seconds=11))
        run_all()
        message = Message.objects.get(is_ours=True, is_letter=False)
    assert message.author == cast.maya
    assert Delivery.objects.get(message=message).address == "luis@harbor.example"
    assert Draft.objects.get(pk=draft.pk).message == message


def test_undo_brings_the_words_back_and_nothing_ever_leaves(cast):
    with clock.standing_at(MONDAY):
        case = cast.case()
        draft = written(cast, case)
        press(draft, undo_seconds=10)
        assert undo(draft)
        clock.advance(timedelta(minutes=1))
        run_all()
    assert not Message.objects.filter(is_ours=True, is_letter=False).exists()
    assert Draft.objects.get(pk=draft.pk).state == "writing"


def test_what_was_begun_meanwhile_is_kept_below_the_returned_words(cast):
    case = cast.case()
    first = written(cast, case, body="the first reply")
    press(first, undo_seconds=60)
    second = written(cast, case, body="a second thought")
    attach(second, FileKept.keep("plan.txt", "text/plain", b"plan"))
    assert undo(first)
    first.refresh_from_db()
    assert first.body == "the first reply\n\na second thought"
    assert first.files.count() == 1


def test_an_undo_that_comes_too_late_loses_nothing(cast):
    case = cast.case()
    first = written(cast, case, body="the first reply")
    press(first, undo_seconds=0)
    run_all()
    second = written(cast, case, body="a second thought")
    assert not undo(first)
    assert Draft.objects.get(pk=second.pk).body == "a second thought"


@pytest.mark.reliability("R-34")
def test_a_double_click_sends_one_reply(cast):
    case = cast.case()
    draft = written(cast, case)
    assert press(draft, undo_seconds=0)
    assert not press(draft, undo_seconds=0)
    run_all()
    assert Message.objects.filter(is_ours=True, is_letter=False).count() == 1


@pytest.mark.reliability("R-34")
def test_two_workers_release_one_reply_once(cast_committed):
    cast = cast_committed
    case = cast.case()
    draft = written(cast, case)
    press(draft, undo_seconds=0)
    made = []

    def go() -> None:
        made.append(release(Draft.objects.select_related("case", "author").get(pk=draft.pk)))
        connection.close()

    threads = [threading.Thread(target=go) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in made if one is not None]) == 1
    assert Message.objects.filter(is_ours=True, is_letter=False).count() == 1


@pytest.mark.reliability("R-43")
def test_when_luis_wrote_meanwhile_nothing_goes_out_unread(cast):
    case = cast.case()
    draft = written(cast, case)
    news = receive(case, words(cast.luis, "Wait, it is the other calendar!"))
    with pytest.raises(Stale) as stopped:
        press(draft, undo_seconds=0)
    assert stopped.value.news == [news]
    assert Draft.objects.get(pk=draft.pk).body == "Switch off the state calendar."
    assert press(draft, undo_seconds=0, anyway=True)


def test_her_own_message_is_no_news_to_her(cast):
    case = cast.case()
    press(written(cast, case), undo_seconds=0)
    run_all()
    case.refresh_from_db()
    again = written(cast, case, body="One more thing.", seen=case.messages.order_by("id").values_list("id", flat=True)[0])
    assert press(again, undo_seconds=0)


def test_a_note_is_added_at_once_and_has_no_delivery(cast):
    case = cast.case()
    press(written(cast, case, kind="note", body="He was burnt by us in February."), undo_seconds=10)
    assert Note.objects.get().author == cast.maya
    assert not Delivery.objects.filter(message__is_letter=False).exists()
    assert not Message.objects.filter(is_ours=True, is_letter=False).exists()


@pytest.mark.parametrize(("body", "people", "why"), [("  ", None, "empty"), ("hello", [], "nobody")])
def test_an_empty_reply_or_one_to_nobody_is_refused(cast, body, people, why):
    with pytest.raises(ValueError, match=why):
        press(written(cast, cast.case(), body=body, people=people), undo_seconds=0)


def test_what_comes_with_it_is_released_with_it(cast):
    with clock.standing_at(MONDAY):
        case = cast.case()
        press(written(cast, case, then={"wait": {"on": "customer"}}), undo_seconds=10)
        case.refresh_from_db()
        assert case.state == Case.State.OPEN
        clock.advance(timedelta(seconds=11))
        run_all()
        case.refresh_from_db()
        assert case.state == Case.State.WAITING


def test_three_recipients_are_three_deliveries_and_the_asker_comes_first(cast):
    case = cast.case(copied=[cast.dana, cast.zoe])
    press(written(cast, case, people=[cast.zoe.id, cast.luis.id, cast.dana.id]), undo_seconds=0)
    run_all()
    message = Message.objects.get(is_ours=True, is_letter=False)
    assert set(message.deliveries.values_list("address", flat=True)) == {
        "luis@harbor.example",
        "dana@corvid.example",
        "zoe@elsewhere.example",
    }
    assert message.audience.get(person=cast.luis).place == "to"
    assert message.audience.get(person=cast.dana).place == "cc"


def test_a_file_goes_with_the_reply(cast):
    case = cast.case()
    draft = written(cast, case)
    attach(draft, FileKept.keep("overtime.xlsx", "application/vnd.ms-excel", b"sheet"))
    press(draft, undo_seconds=0)
    run_all()
    assert Message.objects.get(is_ours=True, is_letter=False).attachments.get().name == "overtime.xlsx"


@pytest.mark.reliability("R-49")
def test_two_tabs_share_one_draft(cast):
    case = cast.case()
    assert written(cast, case, body="from the first tab").pk == written(cast, case, body="from the second").pk


@pytest.mark.security("S-022")
def test_two_agents_drafts_are_their_own(cast):
    case = cast.case()
    mine = written(cast, case)
    toms = save_draft(case, author=cast.tom, kind="reply", body="mine", people=[], seen=0, then={})
    assert mine.pk != toms.pk
