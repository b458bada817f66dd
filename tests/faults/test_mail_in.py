"""Mail arrives while processes die at every point and disks fill up: what was acknowledged is there, byte for byte, once.

A run is one point and one seed, which says at which passing of the point the process dies; two seeds in `make test`, fifty in
`make faults`.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import ExitStack

import pytest
from django.conf import settings

from mainstay.cases.models import Case, Message
from mainstay.jobs.models import Job
from mainstay.kernel import blobs
from mainstay.mail.actions import make_mailbox
from mainstay.mail.models import RawMail
from mainstay.mail.reconcile import accounts
from tests.faults import sender, zygote
from tests.jobs.processes import until
from tests.mail.post import SUPPORT
from tests.product import free_port

ALL = bool(os.environ.get("MAINSTAY_ALL_SEEDS"))
SEEDS = range(50) if ALL else (1, 2)
MAILS = 200 if ALL else 16
WRITES = 40 if ALL else 6
LISTENER_POINTS = ["k1", "k2", "k3", "k4", "k5", "k6"]
WORKER_POINTS = ["k7", "k8", "k9", "job.claimed", "job.ran", "job.finished", "job.done"]


@pytest.fixture(autouse=True)
def support(cast_committed):
    return make_mailbox(SUPPORT, team=cast_committed.support)


class Listeners:
    """One listener after another on one port: the first with its fault, the next ones well."""

    def __init__(self, stack: ExitStack, **fault: object) -> None:
        self.stack, self.port, self.deaths = stack, free_port(), 0
        self.process = stack.enter_context(zygote.listener(self.port, **fault))

    def revive(self) -> None:
        if not self.process.is_alive():
            self.deaths += 1
            self.process = self.stack.enter_context(zygote.listener(self.port))


def troubles(taken: dict[str, bytes]) -> list[str]:
    """What is wrong with the mails that were acknowledged, once all work is done (P-01, P-02, P-04); nothing, or it says what."""
    until(lambda: not Job.objects.exclude(task__contains="timers").exists(), seconds=60, what="the end of all work")
    filed = {mail.subject: blobs.read(mail.hash) for mail in RawMail.objects.filter(state="filed")}
    opened = Counter(Case.objects.values_list("subject", flat=True))
    written = Message.objects.filter(is_ours=False).count()
    found = [f"{subject} is lost" for subject in taken if subject not in filed]
    found += [f"{subject} is not what was sent" for subject, raw in taken.items() if filed.get(subject, raw) != raw]
    found += [f"{subject} was never acknowledged" for subject in filed if subject not in taken]
    found += [f"{subject} has {opened[subject]} cases" for subject in taken if opened[subject] != 1]
    found += [f"{written} messages of {len(taken)} mails"] if written != len(taken) else []
    return found + [f"{account} does not balance" for account in accounts() if not account.balances]


@pytest.mark.reliability("R-01")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("point", LISTENER_POINTS)
def test_a_listener_killed_at_any_point_loses_and_doubles_nothing(point: str, seed: int) -> None:
    passing = random.Random(f"{point}{seed}").randint(2, MAILS - 2)
    with ExitStack() as stack:
        listeners = Listeners(stack, plan=f"{point}:kill:{passing}")
        stack.enter_context(zygote.worker())
        taken = sender.deliver(listeners.port, sender.mails(MAILS), revive=listeners.revive)
        assert listeners.deaths == 1, f"the kill at passing {passing} of {point}"
        assert troubles(taken) == []


@pytest.mark.reliability("R-01")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("point", WORKER_POINTS)
def test_a_worker_killed_at_any_point_loses_and_doubles_nothing(point: str, seed: int) -> None:
    passing = random.Random(f"{point}{seed}").randint(1, 2 if point == "job.claimed" else MAILS - 2)
    with ExitStack() as stack:
        listeners = Listeners(stack)
        victim = stack.enter_context(zygote.worker(plan=f"{point}:kill:{passing}"))
        taken = sender.deliver(listeners.port, sender.mails(MAILS), revive=listeners.revive)
        until(lambda: not victim.is_alive(), what=f"the kill at passing {passing} of {point}")
        stack.enter_context(zygote.worker())
        assert troubles(taken) == []


@pytest.mark.reliability("R-03")
@pytest.mark.parametrize("action", ["raise", "error"])
@pytest.mark.parametrize("passing", range(1, WRITES + 1) if ALL else (1, 5))
@pytest.mark.parametrize("point", ["k3", "k4"])
def test_a_write_that_fails_once_is_refused_for_now_and_heals_by_itself(point: str, passing: int, action: str) -> None:
    with ExitStack() as stack:
        listeners = Listeners(stack, plan=f"{point}:{action}:{passing}")
        stack.enter_context(zygote.worker())
        taken = sender.deliver(listeners.port, sender.mails(WRITES), revive=listeners.revive)
        assert listeners.deaths == 0
        assert troubles(taken) == []


@pytest.mark.reliability("R-03")
@pytest.mark.parametrize("action", ["raise", "error"])
def test_a_disk_that_stays_full_refuses_everything_and_keeps_what_it_has(action: str) -> None:
    waiting = sender.mails(8)
    early = dict(list(waiting.items())[:4])
    with ExitStack() as stack:
        listeners = Listeners(stack, plan=f"k3:{action}:5+")
        taken = sender.deliver(listeners.port, early, revive=listeners.revive)
        late = {subject: raw for subject, raw in waiting.items() if subject not in early}
        with pytest.raises(AssertionError, match="never taken"):
            sender.deliver(listeners.port, late, revive=listeners.revive, tries=3)
        assert RawMail.objects.count() == 4
        listeners.process.kill()
        listeners.process.join()
        listeners.revive()
        stack.enter_context(zygote.worker())
        taken |= sender.deliver(listeners.port, late, revive=listeners.revive)
        assert troubles(taken) == []


@pytest.mark.reliability("R-03")
@pytest.mark.parametrize("room", [20_000, 300_000] if not ALL else range(4_000, 400_000, 16_000))
def test_files_that_may_not_grow_any_more_lose_nothing_that_was_taken(room: int) -> None:
    """A real limit of the kernel, on the mails' bytes and, with SQLite, on the database's own file."""
    largest = max((entry.stat().st_size for entry in settings.DATA.glob("*sqlite3*")), default=0) + room
    waiting = sender.mails(12)
    big = {subject: raw + b"x" * 30_000 + b"\r\n" for subject, raw in waiting.items()}
    with ExitStack() as stack:
        listeners = Listeners(stack, largest_file=largest if room > 30_000 else room)
        taken: dict[str, bytes] = {}
        for subject, raw in big.items():
            try:
                taken |= sender.deliver(listeners.port, {subject: raw}, revive=listeners.revive, tries=1)
            except AssertionError:
                continue
        kept = {blobs.read(mail.hash) for mail in RawMail.objects.all()}
        assert set(taken.values()) <= kept
        listeners.process.kill()
        listeners.process.join()
        listeners.revive()
        stack.enter_context(zygote.worker())
        taken |= sender.deliver(listeners.port, big, revive=listeners.revive)
        assert troubles(taken) == []


@pytest.mark.reliability("R-21")
def test_a_mail_that_kills_the_worker_itself_ends_in_quarantine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each worker dies at its first mail; the mail is given up, not the queue."""
    with ExitStack() as stack:
        listeners = Listeners(stack)
        sender.deliver(listeners.port, sender.mails(1), revive=listeners.revive)
        for _ in range(6):
            with zygote.worker(plan="k7:kill:1") as victim:
                until(lambda victim=victim: not victim.is_alive(), what="its death")
        stack.enter_context(zygote.worker())
        until(lambda: RawMail.objects.filter(state="quarantined").exists(), seconds=30, what="the quarantine")
        taken = sender.deliver(listeners.port, {s: r for s, r in sender.mails(3).items() if "Mail 0" not in s}, revive=listeners.revive)
        until(lambda: RawMail.objects.filter(state="filed").count() == len(taken), what="the next mails")
        assert list(RawMail.objects.filter(state="quarantined").values_list("subject", "reason")) == [("", "failing")]
