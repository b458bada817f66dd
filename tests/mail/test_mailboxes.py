"""Mailboxes are made, changed and tried."""

from __future__ import annotations

import pytest

from mainstay.events.models import Event
from mainstay.mail.actions import change_mailbox, make_mailbox, test_mailbox
from mainstay.mail.models import Mailbox
from mainstay.people.access import can
from tests.mail.peer import HANG_UP


def test_the_first_mailbox_is_the_default_and_its_address_is_folded(cast):
    mailbox = make_mailbox(" Support@Journeyware.example ", team=cast.support, by=cast.ingrid)
    assert (mailbox.address, mailbox.is_default) == ("support@journeyware.example", True)
    assert Event.objects.get(kind="mailbox.made").actor == cast.ingrid.id


def test_there_is_one_default(support, cast):
    other = make_mailbox("sales@journeyware.example", team=cast.billing, is_default=True)
    assert list(Mailbox.objects.filter(is_default=True)) == [other]


@pytest.mark.reliability("R-37")
@pytest.mark.parametrize(
    "address", ["luis@harbor.example", "MAYA@journeyware.example", "support@journeyware.example", "help@journeyware.example"]
)
def test_an_address_that_somebody_has_is_refused(support, cast, address):
    with pytest.raises(ValueError, match="in use"):
        make_mailbox(address, team=cast.billing)
    with pytest.raises(ValueError, match="in use"):
        make_mailbox("new@journeyware.example", team=cast.billing, aliases=[address])


@pytest.mark.parametrize(
    "address", ["", "support", "a@b.example, c@d.example", "support+x@journeyware.example", "Support <support@x.example>"]
)
def test_an_address_that_is_none_is_refused(cast, address):
    with pytest.raises(ValueError, match=r"\w"):
        make_mailbox(address, team=cast.support)


def test_a_password_is_kept_sealed_and_stands_in_no_event(support, cast):
    change_mailbox(support, by=cast.ingrid, user="support", password="correct horse")
    support.refresh_from_db()
    assert support.clear_password == "correct horse"
    assert "horse" not in support.password
    event = Event.objects.get(kind="mailbox.changed")
    assert event.data["fields"] == ["password", "user"]
    assert "horse" not in str(event.data)


def test_only_administrators_change_mailboxes(support, cast):
    assert can(cast.ingrid, "change", support)
    assert not any(can(person, "change", support) for person in (cast.aiko, cast.maya, cast.luis))


def test_the_button_says_that_it_works(way_out, peer):
    trial = test_mailbox(way_out)
    assert trial.is_well
    assert not any(said.startswith("MAIL") for said in peer.said)


def test_the_button_says_what_is_wrong_in_a_sentence_each(way_out, peer):
    told = {}
    peer.script = {"connect": [HANG_UP]}
    told["closed"] = test_mailbox(way_out).sentence
    peer.script = {"connect": ["554 No service"]}
    told["refused"] = test_mailbox(way_out).sentence
    peer.script = {}
    peer.extensions.append("AUTH PLAIN")
    peer.script = {"AUTH": ["535 5.7.8 Bad credentials"] * 3}
    change_mailbox(way_out, user="u", password="p")
    told["password"] = test_mailbox(way_out).sentence
    change_mailbox(way_out, user="", security="starttls")
    told["starttls"] = test_mailbox(way_out).sentence
    change_mailbox(way_out, host="does-not-exist.invalid", port=587)
    told["name"] = test_mailbox(way_out).sentence
    assert len(set(told.values())) == len(told), told
    assert all(sentence.endswith((".", "service", "credentials")) for sentence in told.values()), told


@pytest.mark.security("S-079")
@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1", 5432), ("169.254.169.254", 587), ("10.0.0.1", 25), ("localhost", 25), ("1.1.1.1", 22)]
)
def test_the_button_is_no_port_scanner(support, host, port):
    change_mailbox(support, host=host, port=port, security="tls")
    trial = test_mailbox(support)
    assert not trial.is_well
    assert trial.sentence == "This server can't be used: its address is not a public one, and ALLOWED_NETWORKS does not name it."


def test_a_server_on_this_machine_that_the_operator_did_not_name_says_just_that(support, settings):
    settings.ALLOWED_NETWORKS = []
    change_mailbox(support, host="127.0.0.1", port=25, security="none")
    assert "ALLOWED_NETWORKS does not name it" in test_mailbox(support).sentence


def test_a_password_of_another_installation_is_explained(way_out, settings):
    change_mailbox(way_out, user="u", password="p")
    settings.SECRETS_KEY = "another key of forty characters or so ........"
    assert "SECRETS_KEY" in test_mailbox(way_out).sentence
