"""A worker with two connections to spend, and a mail server that takes a connection and never says a word (P-03)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from mainstay.channels.actions import press, save_draft
from mainstay.channels.models import Delivery
from mainstay.kernel import clock
from mainstay.mail.actions import make_mailbox
from mainstay.mail.models import Mailbox
from tests.cast import Cast
from tests.faults import zygote
from tests.jobs.processes import until
from tests.mail.peer import SILENT, Peer

WAITING = 12
PATIENCE = 3


@pytest.fixture
def peers(cast_committed: Cast) -> Iterator[tuple[Peer, Peer]]:
    """The servers of the support mailbox, which is silent for ever, and of the billing mailbox."""
    with Peer({"connect": [SILENT] * 10_000}) as silent, Peer() as well:
        for name, team, peer in (("support", cast_committed.support, silent), ("billing", cast_committed.billing, well)):
            mailbox = make_mailbox(f"{name}@journeyware.example", team=team)
            Mailbox.objects.filter(pk=mailbox.pk).update(host="127.0.0.1", port=peer.port, security="none")
        yield silent, well


def write(cast: Cast, team: object, agent: object) -> None:
    case = cast.case(team=team, answerable=False)
    draft = save_draft(case, author=agent, kind="reply", body="Please try 9.3.", people=[cast.luis.id], seen=10**9, then={})
    press(draft, undo_seconds=0)


@pytest.mark.reliability("R-22")
def test_twelve_replies_that_nobody_takes_hold_up_none_of_another_mailbox(peers: tuple[Peer, Peer], cast_committed: Cast) -> None:
    silent, well = peers
    for _ in range(WAITING):
        write(cast_committed, cast_committed.support, cast_committed.maya)
    with zygote.worker(lease=60, connections=2, server_timeout=PATIENCE):
        until(lambda: len(silent.script["connect"]) < 10_000, what="the first silence")
        for number in range(1, 6):
            write(cast_committed, cast_committed.billing, cast_committed.nils)
            until(lambda number=number: well.counts.total() == number, seconds=PATIENCE + 12, what=f"the reply {number} of the other team")
        until(
            lambda: not Delivery.objects.filter(state="queued", next_at=None).exists(), what="that all the others know what they wait for"
        )
    assert 10_000 - len(silent.script["connect"]) <= 2 + 1
    assert Delivery.objects.filter(state="queued").count() == WAITING


@pytest.mark.reliability("R-22")
def test_after_the_pause_one_connection_looks_whether_the_server_speaks_again_and_the_other_is_free(
    peers: tuple[Peer, Peer], cast_committed: Cast
) -> None:
    silent, well = peers
    for _ in range(WAITING):
        write(cast_committed, cast_committed.support, cast_committed.maya)
    over = clock.now() - timedelta(seconds=1)
    Mailbox.objects.filter(address="support@journeyware.example").update(paused_until=over, last_error="The server did not answer in time.")
    with zygote.worker(lease=60, connections=2, server_timeout=10):
        until(lambda: len(silent.script["connect"]) < 10_000, what="the first look")
        write(cast_committed, cast_committed.billing, cast_committed.nils)
        until(lambda: well.counts.total() == 1, seconds=8, what="the other team's reply, while it waits")
        assert 10_000 - len(silent.script["connect"]) == 1
