"""PostgreSQL stops without a word, and comes back, while a whole installation works: it goes on by itself (P-18).

A run is one restart; two in `make test`, ten in `make faults`.
"""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mainstay.kernel import ids
from tests.faults import cluster, desks, postoffice, sender
from tests.faults.cluster import Cluster
from tests.faults.desks import Desk
from tests.faults.postoffice import PostOffice
from tests.jobs.processes import until
from tests.mail.post import SUPPORT

RESTARTS = 10 if os.environ.get("MAINSTAY_ALL_SEEDS") else 2
AWAY, BACK_WITHIN = 1.0, 60


@dataclass
class Customers:
    """They write all the while, one after another, each under a name of their own."""

    port: int
    taken: dict[str, bytes] = field(default_factory=dict)
    trouble: list[BaseException] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        number = 0
        try:
            while not self.done.is_set():
                subject, raw = f"Mail {number}", mail(number)
                self.taken |= sender.deliver(self.port, {subject: raw}, revive=lambda: None, tries=10_000)
                number += 1
                time.sleep(0.02)
        except BaseException as trouble:
            self.trouble.append(trouble)


def mail(number: int) -> bytes:
    head = f"From: p{number}@crowd.example\r\nTo: {SUPPORT}\r\nSubject: Mail {number}\r\nMessage-ID: <{ids.token()}@crowd.example>"
    return f"{head}\r\n\r\nWords {number}\r\n".encode()


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    monkeypatch.setenv("ALLOWED_NETWORKS", "127.0.0.0/8")
    with postoffice.opened() as office:
        yield office


@pytest.fixture
def server() -> Iterator[Cluster]:
    with cluster.running() as running:
        yield running


@pytest.fixture
def desk(server: Cluster, office: PostOffice, tmp_path: Path) -> Iterator[Desk]:
    with desks.desk(tmp_path / "desk", SUPPORT, post_office=office.port, database=server.url) as desk:
        yield desk


def health(desk: Desk) -> int:
    web = http.client.HTTPConnection("127.0.0.1", desk.product.http, timeout=10)
    web.request("GET", "/healthz")
    return web.getresponse().status


@pytest.mark.reliability("R-40")
def test_whoever_writes_while_the_database_restarts_is_in_one_case_and_hears_from_us_once(
    desk: Desk, server: Cluster, office: PostOffice
) -> None:
    customers = Customers(desk.product.smtp)
    writing = threading.Thread(target=customers.write)
    writing.start()
    for _ in range(RESTARTS):
        met = len(customers.taken)
        until(lambda met=met: len(customers.taken) > met + 5, what="some mails before the stop")
        server.stop_at_once()
        time.sleep(AWAY)
        assert health(desk) in {200, 503}, "it may say what it knew some seconds ago, and never breaks"
        server.start()
        began, met = time.monotonic(), len(customers.taken)
        until(lambda met=met: customers.trouble or len(customers.taken) > met + 1, seconds=BACK_WITHIN, what="that mail is taken again")
        assert customers.trouble == []
        newest = list(customers.taken)[-1]
        left = BACK_WITHIN - (time.monotonic() - began)
        has_opened = f"SELECT count(*) FROM cases_case WHERE subject = '{newest}'"
        until(lambda asked=has_opened: desk.number(asked) == 1, seconds=left, what="that the worker opens cases again")
        until(lambda: health(desk) == 200, seconds=BACK_WITHIN, what="that the pages say that all is well")
    customers.done.set()
    writing.join()
    assert desk.product.process.poll() is None
    # What a worker had in hand when the database went comes back when its lease of a minute ends.
    until(lambda: desk.is_quiet, seconds=120, what="the end of all work")
    assert sorted(subject for (subject,) in desk.rows("SELECT subject FROM cases_case")) == sorted(customers.taken)
    assert desk.number("SELECT count(*) FROM cases_message WHERE NOT is_ours") == len(customers.taken)
    heard = [one.recipient for one in office.carried]
    assert len(heard) == len(set(heard)), "nobody heard twice"
    uncertain = {address for (address,) in desk.rows("SELECT address FROM channels_delivery WHERE state = 'uncertain'")}
    assert {f"p{number}@crowd.example" for number in range(len(customers.taken))} - set(heard) <= uncertain
