"""Who may come in, and how far. Every address of the desk is tried by everybody."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver

from mainstay.cases.actions import FileKept, add_note, move, receive, reply
from mainstay.cases.models import Attachment, Case
from mainstay.channels.actions import failed, post
from mainstay.channels.models import Draft
from mainstay.desk import urls
from mainstay.events.models import Event
from mainstay.mail.models import Mailbox, RawMail
from mainstay.people.models import Agent
from tests.cast import words
from tests.desk.sitting import client_of, composer_of


@pytest.fixture
def rows(cast, sending, maya):
    """One of everything that an address of the desk can name, all of Luis's case with Maya's team."""
    case = cast.case(subject="Overtime")
    file = FileKept.keep("sheet.txt", "text/plain", b"hours")
    message = receive(case, words(cast.luis, "here", files=[file], html=FileKept.keep("m", "text/html", b"<p>hi</p>").hash))
    sent = reply(case, words(cast.maya, "Hello", to=[(cast.luis, "luis@harbor.example")], channel="trial"))
    delivery = post(sent, [(cast.luis, "luis@harbor.example")])[0]
    failed(delivery, answer="no")
    draft_file = maya.post(f"/desk/cases/{case.number}/draft/files", {"file": SimpleUploadedFile("x.txt", b"x")}).json()["id"]
    box = Mailbox.objects.create(address="support@journeyware.example", team=cast.support)
    mail = RawMail.objects.create(
        hash=file.hash, size=5, mailbox=box, envelope_to=box.address, received_at=case.opened_at, state="quarantined", reason="unreadable"
    )
    return {
        "case": case,
        "number": case.number,
        "message": message.pk,
        "delivery": delivery.pk,
        "person": cast.luis.pk,
        "mail": mail.pk,
        "key": draft_file,
        "attachment": Attachment.objects.get(message=message).key,
    }


def addresses(rows) -> list[tuple[str, object, str]]:
    """Every pattern of the desk with its view's door and an address that names the rows."""
    found = []
    for pattern in urls.urlpatterns:
        values = dict(rows)
        if pattern.name == "file":
            values |= {"key": rows["attachment"], "name": "sheet.txt"}
        named = {name: values[name] for name in pattern.pattern.converters}
        route = pattern.pattern._route
        for name, converter in pattern.pattern.converters.items():
            kind = {"IntConverter": "int", "SlugConverter": "slug", "StringConverter": "str"}[type(converter).__name__]
            route = route.replace(f"<{kind}:{name}>", str(named[name]))
        found.append((pattern.name, pattern.callback.door, f"/desk/{route}"))
    return found


def ask(client, door, url):
    return client.post(url) if door.method == "POST" else client.get(url)


def test_every_view_of_the_desk_says_what_it_asks_for():
    for pattern in urls.urlpatterns:
        assert pattern.callback.door.method in {"GET", "POST"}
    assert len({pattern.name for pattern in urls.urlpatterns}) == len(urls.urlpatterns)
    assert get_resolver().namespace_dict["desk"]


@pytest.mark.security("S-045")
def test_strangers_are_led_to_the_sign_in_and_customers_are_told_no(cast, rows):
    luis = client_of(cast.luis)
    events = Event.objects.count()
    for name, door, url in addresses(rows):
        if door.on == "file":
            assert ask(client_of(None), door, url).status_code == 404
            assert ask(luis, door, url).status_code == 404
            continue
        answer = ask(client_of(None), door, url)
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith("/account/sign-in"), name
        assert ask(luis, door, url).status_code == 403, name
    assert Event.objects.count() == events


@pytest.mark.security("S-045")
def test_an_agent_of_another_team_finds_nothing_at_any_address(cast, rows):
    nils = client_of(cast.nils)
    events = Event.objects.count()
    for name, door, url in addresses(rows):
        answer = ask(nils, door, url)
        names_something = any(str(part) in url for part in rows.values() if not isinstance(part, Case))
        if (names_something and door.on != "desk") or "<int" in name:
            assert answer.status_code == 404, (name, url)
        if "quarantine/" in url and url != "/desk/quarantine/":
            assert answer.status_code == 404, (name, url)
        if name == "original":
            assert answer.status_code == 404
    assert Event.objects.count() == events


@pytest.mark.security("S-047")
def test_after_a_case_moved_away_every_sibling_action_is_closed(cast, rows, maya):
    move(rows["case"], team=cast.billing, by=cast.maya)
    for name, door, url in addresses(rows):
        if f"/{rows['number']}/" in url or name in {"file", "original"}:
            assert ask(maya, door, url).status_code == 404, name


@pytest.mark.security("S-059")
def test_a_disabled_agent_is_outside_at_once(cast, rows, maya):
    Agent.objects.filter(person=cast.maya).update(disabled_at=rows["case"].opened_at)
    for name, door, url in addresses(rows):
        answer = ask(maya, door, url)
        is_at_the_sign_in = answer.status_code == 302 and "/account/sign-in" in answer.headers["Location"]
        assert is_at_the_sign_in or (door.on == "file" and answer.status_code == 404), name


def test_nothing_is_changed_by_looking(cast, rows, maya):
    before = (Event.objects.count(), Draft.objects.count(), Case.objects.values().get(pk=rows["case"].pk))
    for name, door, url in addresses(rows):
        if door.method == "GET":
            assert maya.get(url).status_code in {200, 302, 404}, name
            assert maya.head(url).status_code in {200, 302, 404}, name
            assert maya.post(url).status_code in {404, 405} or name == "file", name
        else:
            assert maya.get(url).status_code == 405, name
    assert (Event.objects.count(), Draft.objects.count(), Case.objects.values().get(pk=rows["case"].pk)) == before


@pytest.mark.security("S-048")
def test_what_belongs_to_another_case_is_not_found_under_this_one(cast, rows, maya):
    other = cast.case()
    base = f"/desk/cases/{other.number}"
    assert maya.post(f"{base}/deliveries/{rows['delivery']}/retry").status_code == 404
    assert maya.get(f"{base}/draft/files/{rows['key']}").status_code == 404
    assert maya.post(f"{base}/draft/files/{rows['key']}/removal").status_code == 404
    maya.post(f"/desk/cases/{rows['number']}/reply", {**composer_of(maya, rows["case"]), "text": "x", "do": "send"})
    pressed = Draft.objects.get(state="pressed")
    maya.post(f"{base}/sending/{pressed.key}/undo")
    assert Draft.objects.get(pk=pressed.pk).state == "pressed"


@pytest.mark.security("S-023")
def test_files_of_other_drafts_are_neither_kept_nor_removed_by_naming_them(cast, rows, maya):
    other = cast.case()
    tom = client_of(cast.tom)
    toms = tom.post(f"/desk/cases/{rows['number']}/draft/files", {"file": SimpleUploadedFile("toms.txt", b"x")}).json()["id"]
    maya.post(
        f"/desk/cases/{other.number}/reply", {**composer_of(maya, other), "text": "x", "do": "send", "attachment": [toms, rows["key"]]}
    )
    assert Draft.objects.get(case=other).files.count() == 0
    assert Draft.objects.get(author=cast.tom).files.count() == 1
    assert tom.post(f"/desk/cases/{rows['number']}/draft/files/{rows['key']}/removal").status_code == 404


@pytest.mark.security("S-051")
def test_fields_that_no_form_has_change_nothing(cast, maya):
    case = cast.case()
    before = Case.objects.values().get(pk=case.pk)
    extra = {
        "number": "1",
        "id": "1",
        "pk": "1",
        "requester": cast.dana.pk,
        "team": cast.billing.pk,
        "state": "spam",
        "opened_at": "2020-01-01",
        "author": cast.tom.pk,
        "is_ours": "1",
    }
    maya.post(f"/desk/cases/{case.number}/aim", {"aim": "", **extra})
    maya.post(f"/desk/cases/{case.number}/draft", {"text": "x", "case": "1", **extra})
    assert Case.objects.values().get(pk=case.pk) == before
    draft = Draft.objects.get()
    assert (draft.author, draft.case) == (cast.maya, case)


def test_a_note_s_file_is_for_the_team_only(cast, maya):
    case = cast.case()
    add_note(case, "see file", by=cast.maya, files=[FileKept.keep("secret.txt", "text/plain", b"x")])
    key = Attachment.objects.get(note__case=case).key
    assert maya.get(f"/desk/files/{key}/secret.txt").status_code == 200
    for person in (cast.luis, cast.nils, None):
        assert client_of(person).get(f"/desk/files/{key}/secret.txt").status_code == 404


def test_csrf_is_asked_for(cast):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.maya, "mainstay.ui.accounts.Backend")
    assert strict.post(f"/desk/cases/{cast.case().number}/claim").status_code == 403
