"""Replies go out while the worker dies at every point: at least once each, and twice only where P-07 says so, marked."""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest
from django.conf import settings as django_settings

from mainstay.channels.actions import press, save_draft
from mainstay.channels.models import Delivery
from mainstay.jobs import run_all
from mainstay.jobs.models import Job
from mainstay.kernel import clock
from mainstay.mail.actions import make_mailbox
from mainstay.mail.models import Mailbox
from mainstay.mail.parse import parse
from mainstay.mail.send import send_delivery
from tests.faults import zygote
from tests.jobs.processes import until
from tests.mail.peer import Peer
from tests.mail.post import SUPPORT

SEEDS = range(50) if os.environ.get("MAINSTAY_ALL_SEEDS") else (1, 2)
REPLIES = 8


@pytest.fixture
def peer(cast_committed, settings):
    settings.DEMO = True
    with Peer() as running:
        mailbox = make_mailbox(SUPPORT, team=cast_committed.support)
        Mailbox.objects.filter(pk=mailbox.pk).update(host="127.0.0.1", port=running.port, security="none")
        yield running


def replies(cast) -> None:
    """Maya answered eight cases; nothing has left yet."""
    cases = [cast.case() for _ in range(REPLIES)]
    Job.objects.all().delete()
    for case in cases:
        draft = save_draft(case, author=cast.maya, kind="reply", body=f"About {case.number}", people=[cast.luis.id], seen=10**9, then={})
        press(draft, undo_seconds=0)
    run_all(limit=REPLIES)
    Job.objects.exclude(task__contains="send_delivery").delete()
    assert Delivery.objects.filter(state="queued").count() == REPLIES


def settled() -> bool:
    return (
        not Delivery.objects.filter(state__in=["queued", "sending"]).exists()
        and not Job.objects.filter(task__contains="send_delivery").exists()
    )


@pytest.mark.reliability("R-30")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("point", ["k10", "k11", "k12", "k13"])
def test_a_worker_killed_while_it_sends(point: str, seed: int, peer: Peer, cast_committed) -> None:
    replies(cast_committed)
    passing = random.Random(f"{point}{seed}").randint(1, REPLIES)
    with zygote.worker(plan=f"{point}:kill:{passing}") as victim:
        until(lambda: not victim.is_alive(), what=f"the kill at passing {passing} of {point}")
    with zygote.worker():
        until(settled, what="that every delivery is settled")
    uncertain = list(Delivery.objects.filter(state="uncertain"))
    assert len(uncertain) == (1 if point in {"k12", "k13"} else 0), "only behind the first byte"
    if not uncertain:
        assert per_message(peer) == Counter(dict.fromkeys(ids(), 1))
        return
    assert all(row.next_at for row in uncertain), "it is repeated once by itself"
    Delivery.objects.filter(state="uncertain").update(next_at=clock.now())
    send_delivery.enqueue(uncertain[0].pk)
    with zygote.worker():
        until(lambda: not Delivery.objects.exclude(state="sent").exists(), what="the repetition")
    counts = per_message(peer)
    assert set(counts) == ids(), "each at least once"
    assert {number for number, count in counts.items() if count > 1} <= {uncertain[0].message.message_id.strip("<>")}
    assert max(counts.values()) <= 2
    assert django_settings.DATA


def per_message(peer: Peer) -> Counter[str]:
    return Counter(parse(one.data).message_id for one in peer.taken)


def ids() -> set[str]:
    return {row.message.message_id.strip("<>") for row in Delivery.objects.select_related("message")}
