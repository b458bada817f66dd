"""Every address, as every role, with things of one's own team and of another: nobody gets further than the table says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from mainstay.cases.actions import FileKept, add_note
from mainstay.channels.actions import attach, save_draft
from mainstay.channels.models import Delivery
from mainstay.events.models import Event
from mainstay.jobs import run_all
from mainstay.mail.models import Mailbox, RawMail
from mainstay.promises.models import Calendar
from tests.security.matrix import DOORS, ROLES, TABLE


def addresses(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}", pattern


ALL = dict(addresses(get_resolver().url_patterns))


@pytest.mark.security("S-045")
def test_no_address_is_missing_in_the_table_and_none_is_left_over():
    assert sorted(set(ALL) - set(TABLE)) == []
    assert sorted(set(TABLE) - set(ALL)) == []


@pytest.fixture
def things(cast) -> dict[str, object]:
    """What the addresses name: all of it belongs to the support team, the draft to Maya."""
    from mainstay.mail.actions import make_mailbox
    from mainstay.promises.actions import make_calendar

    mailbox = Mailbox.objects.first() or make_mailbox("support@journeyware.example", team=cast.support)
    calendar = Calendar.objects.first() or make_calendar("Hours", zone="UTC", hours=[[["09:00", "17:00"]]] * 7, by=None)
    case = cast.case()
    run_all(raise_errors=False)
    note = add_note(case, "Only for us", by=cast.maya, files=[FileKept.keep("inside.txt", "text/plain", b"inside")])
    draft = save_draft(case, author=cast.maya, kind="reply", body="Hello", people=[cast.luis.id], seen=0, then={})
    raw = RawMail.objects.filter(mailbox=mailbox).first() or _set_aside(mailbox)
    message = case.messages.first()
    delivery = Delivery.objects.filter(message__case=case).first() or Delivery.objects.create(
        message=message, person=cast.luis, channel="email", address="luis@harbor.example", state="failed"
    )
    return {
        "case": case,
        "message": message,
        "attachment": note.attachments.get(),
        "draft": draft,
        "draft_file": attach(draft, FileKept.keep("plan.txt", "text/plain", b"plan")),
        "raw": raw,
        "delivery": delivery,
        "mailbox": mailbox,
        "calendar": calendar,
        "team": cast.support,
        "agent": cast.tom,
        "person": cast.luis,
    }


def _set_aside(mailbox: Mailbox) -> RawMail:
    from mainstay.kernel import blobs, clock

    data = b"From: zoe@elsewhere.example\r\nTo: support@journeyware.example\r\nSubject: set aside\r\n\r\nhello\r\n"
    return RawMail.objects.create(
        hash=blobs.keep(data), size=len(data), mailbox=mailbox, envelope_from="zoe@elsewhere.example",
        envelope_to=mailbox.address, received_at=clock.now(), state="set_aside", reason="auto-reply",
    )  # fmt: skip


def arguments(name: str, things: dict[str, object]) -> dict[str, object]:
    """The keyword arguments of an address, for things of the support team."""
    keys = ALL[name].pattern.converters
    values: dict[str, object] = {
        "number": things["case"].number,
        "key": things["attachment"].key,
        "name": "inside.txt",
        "message": things["message"].pk,
        "delivery": things["delivery"].pk,
        "person": things["person"].pk,
        "mail": things["raw"].pk,
        "secret": "0" * 32,
        "photo": "0" * 64,
        "token": "nothing",
        "said": "nothing",
        "pk": {"mailbox": things["mailbox"].pk, "calendar": things["calendar"].pk, "team": things["team"].pk}.get(
            name.split(":")[-1].split("_")[0], things["agent"].pk
        ),
    }
    if name in {"desk:draft_file", "desk:draft_file_removal"}:
        values["key"] = things["draft_file"].key
    if name == "desk:sending_undo":
        values["key"] = things["draft"].key
    return {key: values[key] for key in keys if key in values} | ({"name": "inside.txt"} if "name" in keys else {})


@pytest.mark.security("S-045")
@pytest.mark.security("S-047")
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(TABLE))
def test_nobody_gets_further_than_the_table_says(cast, things, client, name, role):
    door, method = TABLE[name]
    if role != "nobody":
        client.force_login(getattr(cast, role))
    before = Event.objects.count()
    response = client.generic(method, reverse(name, kwargs=arguments(name, things)))
    if role in DOORS[door]:
        assert response.status_code not in {401, 403, 500}, response.status_code
        assert not (response.status_code == 302 and "sign-in" in response["Location"] and door != "everybody" and "mfa" not in name)
    else:
        assert response.status_code in {302, 403, 404, 405}
        if response.status_code == 302:
            assert role == "nobody"
            assert "/account/" in response["Location"]
        assert Event.objects.count() == before


@pytest.mark.security("S-071")
@pytest.mark.parametrize("name", sorted(name for name, (_, method) in TABLE.items() if method == "POST"))
def test_nothing_changes_by_merely_looking(cast, things, client, name):
    client.force_login(cast.ingrid)
    before = Event.objects.count()
    response = client.get(reverse(name, kwargs=arguments(name, things)))
    assert response.status_code in {302, 404, 405}
    assert Event.objects.count() == before


@pytest.mark.security("S-071")
@pytest.mark.parametrize("name", sorted(name for name, (door, method) in TABLE.items() if method == "POST" and door == "team"))
def test_a_form_from_elsewhere_is_refused(cast, things, name):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.maya)
    assert client.post(reverse(name, kwargs=arguments(name, things))).status_code == 403


@pytest.mark.security("S-098")
@pytest.mark.parametrize("name", sorted(name for name, (_, method) in TABLE.items() if method == "GET"))
def test_every_answer_carries_the_headers_that_protect_it(cast, things, client, name):
    client.force_login(cast.ingrid)
    response = client.get(reverse(name, kwargs=arguments(name, things)))
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe-eval" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert "frame-ancestors" in response["Content-Security-Policy"]
