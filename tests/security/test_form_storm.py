"""A stranger with a thousand addresses fills in the help form for other people's, with words that those are meant to read (S-039)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client

from mainstay.cases.models import Case
from mainstay.jobs import run_all
from mainstay.kernel import clock
from mainstay.mail.models import Mailbox
from mainstay.mail.parse import parse
from tests.cast import MONDAY
from tests.mail.peer import Peer

VICTIMS, SOURCES, POSTS = 450, 70, 1_150
BAIT = {
    "goal": "Your account is locked, call +1 900 555 0100 or open https://evil.example/now",
    "words": "Dear customer, log in at https://evil.example/now within the hour",
    "name": "Prize Office https://evil.example",
}
TRACES = ["evil", "+1 900", "555 0100", "locked", "Prize", "Dear customer"]
Fill = Callable[..., dict[str, object]]


@pytest.fixture
def peer(house, settings) -> Iterator[Peer]:
    """The server that takes what we send."""
    settings.DEMO = True
    with Peer() as running:
        Mailbox.objects.filter(pk=house.mailbox.pk).update(host="127.0.0.1", port=running.port, security="none")
        yield running


def post(client: Client, values: dict[str, object], number: int, *, victims: int = VICTIMS) -> int:
    values["email"] = f"victim{number % victims}@elsewhere.example"
    return client.post("/help/ask", values, REMOTE_ADDR=f"198.51.100.{number % SOURCES}").status_code


def without_what_differs(data: bytes) -> str:
    """A letter's subject and text, but for the number, the link and the address, which are each recipient's own."""
    mail = parse(data)
    said = re.sub(r"\b\d{3}[ \u00a0]\d{3}[ \u00a0]\d{3}\b", "NUMBER", f"{mail.subject}\n{mail.text}")
    return re.sub(r"http://\S+", "LINK", said)


@pytest.mark.security("S-039")
def test_a_storm_makes_few_mails_all_alike_with_no_word_of_the_strangers(house, monday, client, filled_in: Fill, peer: Peer) -> None:
    statuses = Counter(post(client, filled_in(**BAIT), number) for number in range(POSTS))
    assert statuses == {303: 1_000, 429: POSTS - 1_000}
    assert Case.objects.count() == 1_000, "nobody's cry for help is thrown away before that"
    run_all()
    assert len(peer.taken) == 200
    assert max(peer.counts.values()) <= 5
    assert len({without_what_differs(one.data) for one in peer.taken}) == 1
    for one in peer.taken:
        mail = parse(one.data)
        assert not [trace for trace in TRACES if trace in f"{one.data.decode()} {mail.subject} {mail.text} {mail.html}"]
        assert one.sender == ""
        assert not mail.attachments


@pytest.mark.security("S-039")
def test_the_links_in_such_a_mail_lead_to_us(house, monday, client, filled_in: Fill, peer: Peer, settings) -> None:
    post(client, filled_in(**BAIT), 1)
    run_all()
    mail = parse(peer.taken[0].data)
    links = re.findall(r"https?://[^\s\"'<>]+", f"{mail.text} {mail.html}")
    assert links
    assert all(link.startswith(f"{settings.BASE_URL}/") for link in links)


@pytest.mark.security("S-039")
def test_one_victim_reads_five_letters_a_day_however_patient_the_stranger_is(house, monday, client, filled_in: Fill, peer: Peer) -> None:
    for hour in range(8):
        with clock.standing_at(MONDAY + timedelta(hours=hour)):
            for number in range(3):
                assert (
                    client.post("/help/ask", filled_in(**BAIT, email="v@x.example"), REMOTE_ADDR=f"203.0.113.{number}").status_code == 303
                )
            run_all()
    assert peer.counts == {"v@x.example": 5}
    assert Case.objects.count() == 24


@pytest.mark.security("S-039")
def test_a_source_opens_twenty_cases_an_hour_for_whatever_victims(house, monday, client, filled_in: Fill, peer: Peer) -> None:
    statuses = [
        client.post("/help/ask", filled_in(**BAIT, email=f"v{number}@x.example"), REMOTE_ADDR="203.0.113.9").status_code
        for number in range(25)
    ]
    run_all()
    assert statuses == [303] * 20 + [429] * 5
    assert sum(peer.counts.values()) == 20
