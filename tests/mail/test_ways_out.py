"""One mailbox's server fails for ever; what the other mailboxes send goes out as if nothing were wrong (P-03)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from mainstay.channels.actions import press, save_draft
from mainstay.channels.models import Delivery
from mainstay.events.models import Event
from mainstay.jobs import run_all
from mainstay.kernel import clock
from mainstay.mail.models import Mailbox
from mainstay.mail.queries import health
from mainstay.mail.timers import try_due_deliveries
from tests.cast import MONDAY
from tests.mail.peer import HANG_UP, SILENT, Peer

FOR_EVER = 10_000
MINUTE = timedelta(minutes=1)


@pytest.fixture
def broken(way_out: Mailbox, peer: Peer) -> Peer:
    """The server behind the support mailbox; what is wrong with it is each test's own."""
    return peer


@pytest.fixture
def well(billing: Mailbox, demo: None) -> Iterator[Peer]:
    """The server behind the billing mailbox, with which nothing is wrong."""
    with Peer() as running:
        Mailbox.objects.filter(pk=billing.pk).update(host="127.0.0.1", port=running.port, security="none")
        yield running


def write(cast, team, agent) -> Delivery:
    """An agent of this team answers a new case; the reply is pressed, and nobody has carried it yet."""
    case = cast.case(team=team, answerable=False)
    draft = save_draft(case, author=agent, kind="reply", body="Please try 9.3.", people=[cast.luis.id], seen=10**9, then={})
    press(draft, undo_seconds=0)
    run_all(limit=10)
    return Delivery.objects.get(message__case=case, message__is_letter=False)


def the_timer_comes_by() -> None:
    try_due_deliveries.enqueue()
    run_all()


@pytest.mark.reliability("R-22")
@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("connect", SILENT),
        ("connect", HANG_UP),
        ("connect", "554 5.3.2 Go away"),
        ("EHLO", SILENT),
        ("RCPT", SILENT),
        ("RCPT", "451 4.7.1 Not now"),
        ("dot", HANG_UP),
    ],
)
def test_nils_reaches_his_customers_every_ten_minutes_while_mayas_server_fails_for_ever(
    broken: Peer, well: Peer, cast, settings, step: str, answer: str
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    broken.script = {step: [answer] * FOR_EVER}
    with clock.standing_at(MONDAY):
        for number in range(1, 13):
            of_maya, of_nils = write(cast, cast.support, cast.maya), write(cast, cast.billing, cast.nils)
            the_timer_comes_by()
            of_nils.refresh_from_db()
            of_maya.refresh_from_db()
            assert (of_nils.state, of_nils.sent_at) == ("sent", clock.now())
            assert sum(well.counts.values()) == number
            assert of_maya.state in {"queued", "uncertain"}
            clock.advance(10 * MINUTE)
    assert broken.counts == {}


def knocks(peer: Peer, step: str) -> int:
    return FOR_EVER - len(peer.script[step])


@pytest.mark.reliability("R-22")
@pytest.mark.parametrize("step", ["connect", "RCPT"])
def test_a_server_that_says_nothing_is_asked_once_a_minute_however_many_replies_wait(broken: Peer, cast, settings, step: str) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    broken.script = {step: [SILENT] * FOR_EVER}
    with clock.standing_at(MONDAY):
        replies = [write(cast, cast.support, cast.maya) for _ in range(6)]
        assert knocks(broken, step) == 1
        assert health().paused == ["support@journeyware.example"]
        for minute in range(2, 6):
            clock.advance(MINUTE)
            the_timer_comes_by()
            assert knocks(broken, step) == minute
        assert Event.objects.filter(kind="mailbox.paused").count() == 1
        broken.script.clear()
        for _ in range(60):
            clock.advance(MINUTE)
            the_timer_comes_by()
    assert {reply.state for reply in Delivery.objects.filter(pk__in=[reply.pk for reply in replies])} == {"sent"}
    assert broken.counts == {"luis@harbor.example": 6}
    assert health().paused == []


@pytest.mark.reliability("R-22")
def test_a_word_about_one_recipient_shows_that_the_server_speaks_again(broken: Peer, cast, settings) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    broken.script = {"connect": [SILENT], "RCPT": ["550 5.1.1 No such user"]}
    with clock.standing_at(MONDAY):
        first, second = write(cast, cast.support, cast.maya), write(cast, cast.support, cast.maya)
        for _ in range(3):
            clock.advance(MINUTE)
            the_timer_comes_by()
    states = {reply.state for reply in Delivery.objects.filter(pk__in=[first.pk, second.pk])}
    assert states == {"failed", "sent"}
    assert health().paused == []
