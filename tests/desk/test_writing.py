"""Replies and notes: kept while they are typed, stopped when the world changed, taken back, sent once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mainstay.cases.actions import add_note, mark_spam, receive, reply, resolve
from mainstay.cases.models import Attachment, Case, Message, Note, Participant
from mainstay.channels.models import Delivery, Draft
from mainstay.jobs import run_all
from mainstay.kernel import clock
from tests.cast import words
from tests.desk.pictures import png
from tests.desk.sitting import client_of, composer_of


def later():
    run_all(until=clock.now() + timedelta(minutes=1))


def said(case) -> list[str]:
    return list(Message.objects.filter(case=case, is_ours=True, is_letter=False).values_list("body", flat=True))


def test_a_reply_goes_out_after_its_undo_time_to_whom_the_page_showed(cast, write):
    case = cast.case(copied=[cast.dana])
    answer = write(case, "Hi Luis,\r\n\r\nI can see it.")
    assert answer.status_code == 303
    assert said(case) == []
    later()
    message = Message.objects.get(case=case, is_ours=True, is_letter=False)
    assert message.body == "Hi Luis,\n\nI can see it."
    assert message.author == cast.maya
    assert sorted(Delivery.objects.filter(message=message).values_list("address", flat=True)) == [
        "dana@corvid.example",
        "luis@harbor.example",
    ]


def test_the_button_says_to_whom(cast, maya):
    assert "Send to Luis + 1" in maya.get(f"/desk/cases/{cast.case(copied=[cast.dana]).number}/").content.decode()
    assert "Send to Luis<" in maya.get(f"/desk/cases/{cast.case().number}/").content.decode()


def test_whom_a_later_mail_named_is_offered_and_not_ticked(cast, maya):
    case = cast.case()
    Participant.objects.create(case=case, person=cast.dana, role="offered")
    assert composer_of(maya, case)["to"] == [str(cast.luis.pk)]
    assert "named by a later mail" in maya.get(f"/desk/cases/{case.number}/").content.decode()


@pytest.mark.security("S-051")
def test_nobody_gets_a_reply_who_takes_no_part_whatever_was_posted(cast, write):
    case = cast.case()
    write(case, "Hello", to=[str(cast.luis.pk), str(cast.zoe.pk), str(cast.nils.pk), "x", "-1"])
    later()
    assert list(Delivery.objects.filter(message__is_letter=False).values_list("person__name", flat=True)) == ["Luis Almeida"]


def test_a_note_reaches_nobody_and_is_there_at_once(cast, write):
    case = cast.case()
    write(case, "Careful, he was burnt in February.", kind="note", do="note")
    assert Note.objects.get(case=case).body == "Careful, he was burnt in February."
    later()
    assert said(case) == []
    assert not Delivery.objects.filter(message__is_letter=False).exists()


@pytest.mark.parametrize(("kind", "do"), [("note", "send"), ("reply", "note"), ("note", "wait"), ("note", "resolve")])
def test_whatever_says_note_is_a_note(cast, write, kind, do):
    case = cast.case()
    write(case, "secret", kind=kind, do=do)
    later()
    assert Note.objects.filter(case=case).count() == 1
    assert said(case) == []
    assert Case.objects.get(pk=case.pk).state == "open"


def test_the_notes_noun_makes_a_note_of_anything(cast, maya):
    case = cast.case()
    maya.post(f"/desk/cases/{case.number}/notes", {**composer_of(maya, case), "kind": "reply", "text": "secret", "do": "send"})
    later()
    assert Note.objects.get(case=case).body == "secret"
    assert said(case) == []


@pytest.mark.parametrize(("do", "state"), [("send", "open"), ("wait", "waiting"), ("resolve", "resolved")])
def test_what_comes_with_a_reply_happens_when_it_goes_out_and_not_before(cast, write, do, state):
    case = cast.case()
    write(case, "Please try 9.2.1", do=do)
    assert Case.objects.get(pk=case.pk).state == "open"
    later()
    assert Case.objects.get(pk=case.pk).state == state


@pytest.mark.reliability("R-34")
def test_a_double_click_sends_one_reply(cast, maya, write):
    case = cast.case()
    fields = composer_of(maya, case)
    for _ in range(3):
        assert write(case, "once", fields=fields).status_code == 303
    later()
    write(case, "once", fields=fields)
    later()
    assert said(case) == ["once"]


@pytest.mark.reliability("R-34")
def test_a_double_click_in_a_second_tab_sends_one_reply_too(cast, maya, write):
    case = cast.case()
    first, second = composer_of(maya, case), composer_of(maya, case)
    assert first["key"] != second["key"]
    maya.post(f"/desk/cases/{case.number}/draft", {**first, "text": "typed in the first tab"})
    for _ in range(2):
        write(case, "sent from the second", fields=second)
    later()
    assert said(case) == ["sent from the second"]
    assert not Draft.objects.filter(state="writing").exists()


def test_two_different_replies_are_two(cast, maya, write):
    case = cast.case()
    write(case, "one")
    later()
    write(case, "two")
    later()
    assert said(case) == ["one", "two"]


@pytest.mark.reliability("R-43")
def test_a_customer_who_wrote_meanwhile_stops_the_reply_and_nothing_is_lost(cast, maya, write):
    case = cast.case()
    fields = composer_of(maya, case)
    receive(case, words(cast.luis, "Wait, it works now"))
    answer = write(case, "Please restart it", fields=fields)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Luis Almeida wrote while you were writing" in page
    assert "is-new" in page
    again = maya.get(page.split('data-live-url="')[2].split('"')[0].replace("&amp;", "&"), HTTP_HX_REQUEST="true").content.decode()
    assert "is-new" in again
    assert "Please restart it" in page
    assert "Send anyway" in page
    later()
    assert said(case) == []
    write(case, "Glad to hear it")
    later()
    assert said(case) == ["Glad to hear it"]


@pytest.mark.reliability("R-43")
def test_so_do_a_colleagues_reply_and_note_and_the_end_of_the_case(cast, maya, write):
    def stopped(change):
        case = cast.case()
        fields = composer_of(maya, case)
        change(case)
        answer = write(case, "my words", fields=fields)
        later()
        return answer.status_code == 409 and "my words" in answer.content.decode() and "my words" not in said(case)

    assert stopped(lambda case: reply(case, words(cast.tom, "I answered already", to=[(cast.luis, "luis@harbor.example")])))
    assert stopped(lambda case: add_note(case, "Do not answer, legal has it", by=cast.tom))
    assert stopped(lambda case: resolve(case, how="answered", by=cast.tom))
    assert stopped(lambda case: mark_spam(case, by=cast.tom))


def test_ones_own_note_stops_nothing(cast, maya, write):
    case = cast.case()
    fields = composer_of(maya, case)
    add_note(case, "mine", by=cast.maya)
    assert write(case, "hello", fields=fields).status_code == 303


def test_a_note_is_never_stopped(cast, maya, write):
    case = cast.case()
    fields = composer_of(maya, case)
    receive(case, words(cast.luis, "news"))
    write(case, "noted", fields=fields, kind="note", do="note")
    assert Note.objects.filter(case=case).exists()


@pytest.mark.parametrize(
    ("fields", "reason"), [({"text": "  "}, "There are no words"), ({"text": "hello", "to": []}, "Tick at least one person")]
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(cast, maya, fields, reason):
    case = cast.case()
    answer = maya.post(f"/desk/cases/{case.number}/reply", {**composer_of(maya, case), "do": "send", **fields})
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert fields["text"].strip() in answer.content.decode()


def test_undo_brings_everything_back_after_a_reload_too(cast, maya, write):
    case = cast.case(copied=[cast.dana])
    write(case, "too early", do="resolve", to=[str(cast.luis.pk)])
    page = maya.get(f"/desk/cases/{case.number}/").content.decode()
    draft = Draft.objects.get(case=case, state="pressed")
    assert "message ours held" in page
    assert page.count(f"/sending/{draft.key}/undo") >= 1
    maya.post(f"/desk/cases/{case.number}/sending/{draft.key}/undo")
    later()
    assert said(case) == []
    assert Case.objects.get(pk=case.pk).state == "open"
    fields = composer_of(maya, case)
    assert fields["to"] == [str(cast.luis.pk)]
    assert "too early" in maya.get(f"/desk/cases/{case.number}/").content.decode()


def test_undo_keeps_what_was_begun_meanwhile_and_browsers_forget_the_old_copy(cast, maya, write):
    case = cast.case()
    write(case, "first words")
    pressed = Draft.objects.get(state="pressed")
    second = composer_of(maya, case)
    maya.post(f"/desk/cases/{case.number}/draft", {**second, "text": "second words"})
    maya.post(f"/desk/cases/{case.number}/sending/{pressed.key}/undo")
    draft = Draft.objects.get(case=case)
    assert draft.body == "first words\n\nsecond words"
    assert composer_of(maya, case)["key"] == [draft.key]
    assert draft.key not in {pressed.key, second["key"][0]}


def test_undo_after_the_time_says_so(cast, maya, write):
    case = cast.case()
    write(case, "gone")
    key = Draft.objects.get().key
    later()
    page = maya.post(f"/desk/cases/{case.number}/sending/{key}/undo", follow=True).content.decode()
    assert "It has gone out already." in page
    assert said(case) == ["gone"]


@pytest.mark.security("S-022")
def test_nobody_takes_back_what_a_colleague_sends(cast, maya, write):
    case = cast.case()
    write(case, "Maya's")
    key = Draft.objects.get().key
    tom = client_of(cast.tom)
    assert f"/sending/{key}/undo" not in tom.get(f"/desk/cases/{case.number}/").content.decode()
    tom.post(f"/desk/cases/{case.number}/sending/{key}/undo")
    assert Draft.objects.get().state == "pressed"


@pytest.mark.reliability("R-49")
def test_what_is_typed_is_kept_for_the_next_session_and_the_next_machine(cast, maya):
    case = cast.case()
    fields = composer_of(maya, case)
    assert maya.post(f"/desk/cases/{case.number}/draft", {**fields, "text": "half a sent"}).status_code == 204
    again = client_of(cast.maya).get(f"/desk/cases/{case.number}/").content.decode()
    assert "half a sent</textarea>" in again
    assert "half a sent" not in client_of(cast.tom).get(f"/desk/cases/{case.number}/").content.decode()


@pytest.mark.reliability("R-49")
def test_a_save_after_the_session_ended_is_refused_and_says_so_to_the_script(cast, maya):
    case = cast.case()
    fields = composer_of(maya, case)
    maya.logout()
    answer = maya.post(f"/desk/cases/{case.number}/draft", {**fields, "text": "x"}, HTTP_SEC_FETCH_MODE="cors")
    assert answer.status_code == 401


@pytest.mark.reliability("R-49")
def test_two_tabs_share_one_draft(cast, maya):
    case = cast.case()
    first, second = composer_of(maya, case), composer_of(maya, case)
    maya.post(f"/desk/cases/{case.number}/draft", {**first, "text": "first tab"})
    maya.post(f"/desk/cases/{case.number}/draft", {**second, "text": "second tab"})
    assert Draft.objects.get().body == "second tab"


def test_a_save_that_comes_late_changes_nothing_of_what_was_sent(cast, maya, write):
    case = cast.case()
    fields = composer_of(maya, case)
    write(case, "the last word", fields=fields)
    assert maya.post(f"/desk/cases/{case.number}/draft", {**fields, "text": "the las"}).status_code == 204
    later()
    assert said(case) == ["the last word"]
    assert not Draft.objects.filter(state="writing").exists()


def test_a_picture_is_pasted_seen_in_the_preview_and_sent_inside_the_words(cast, maya, write):
    case = cast.case()
    fields = composer_of(maya, case)
    answer = maya.post(
        f"/desk/cases/{case.number}/draft/files?key={fields['key'][0]}", {"file": SimpleUploadedFile("../../shot.png", png())}
    )
    told = answer.json()
    assert answer.status_code == 201
    assert (told["name"], told["picture"]) == ("shot.png", True)
    text = f"Look: ![shot]({told['url']})"
    preview = maya.post(f"/desk/cases/{case.number}/draft/preview", {"text": text}).content.decode()
    assert f'src="/desk/cases/{case.number}/draft/files/{told["id"]}"' in preview
    assert maya.get(f"/desk/cases/{case.number}/draft/files/{told['id']}").headers["Content-Type"] == "image/png"
    write(case, text, fields=fields, attachment=[told["id"]])
    later()
    kept = Attachment.objects.get(message__case=case)
    page = maya.get(f"/desk/cases/{case.number}/").content.decode()
    assert kept.is_inline
    assert f'<img src="/desk/files/{kept.key}/shot.png?show=picture"' in page
    assert page.count(kept.key) == 1


def test_files_come_with_the_form_where_there_is_no_script(cast, maya, write):
    case = cast.case()
    write(case, "attached", files=[SimpleUploadedFile("a.txt", b"one"), SimpleUploadedFile("b.txt", b"two")])
    later()
    assert sorted(Attachment.objects.filter(message__case=case).values_list("name", flat=True)) == ["a.txt", "b.txt"]


def test_only_files_that_the_form_still_shows_are_sent(cast, maya, write):
    case = cast.case()
    url = f"/desk/cases/{case.number}/draft/files"
    kept, dropped = (maya.post(url, {"file": SimpleUploadedFile(name, b"x")}).json()["id"] for name in ("kept.txt", "dropped.txt"))
    assert kept != dropped
    write(case, "one of two", attachment=[kept])
    later()
    assert [row.name for row in Attachment.objects.filter(message__case=case)] == ["kept.txt"]


def test_a_file_is_taken_off_without_script_and_the_words_stay(cast, maya):
    case = cast.case()
    key = maya.post(f"/desk/cases/{case.number}/draft/files", {"file": SimpleUploadedFile("a.txt", b"x")}).json()["id"]
    fields = {**composer_of(maya, case), "text": "typed just now"}
    assert maya.post(f"/desk/cases/{case.number}/draft/files/{key}/removal", fields).status_code == 303
    draft = Draft.objects.get()
    assert (draft.body, draft.files.count()) == ("typed just now", 0)


def test_more_than_25_megabytes_are_refused_and_the_words_stay(cast, maya, write, monkeypatch):
    monkeypatch.setattr("mainstay.desk.writing.FILES_LIMIT", 1000)
    case = cast.case()
    assert maya.post(f"/desk/cases/{case.number}/draft/files", {"file": SimpleUploadedFile("a.txt", b"x" * 1001)}).status_code == 413
    answer = write(case, "with a film", files=[SimpleUploadedFile("film.mp4", b"x" * 1001)])
    assert answer.status_code == 413
    assert "with a film" in answer.content.decode()


def test_an_agents_own_undo_time_is_kept_and_none_is_none(cast, maya, write):
    cast.maya.agent.undo_seconds = 0
    cast.maya.agent.save()
    case = cast.case()
    page = maya.post(
        f"/desk/cases/{case.number}/reply", {**composer_of(maya, case), "text": "now", "do": "send"}, follow=True
    ).content.decode()
    assert "data-countdown" not in page
    run_all()
    assert said(case) == ["now"]
