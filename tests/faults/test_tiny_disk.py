"""The disk is full to the byte, under the mails and, with SQLite, under the database; then there is room again (P-19).

A run is one number of bytes that were left.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.faults import desks, postoffice, sender, tinydisk
from tests.faults.desks import Desk
from tests.faults.postoffice import PostOffice
from tests.jobs.processes import ROOT, until
from tests.mail.post import SUPPORT
from tests.product import Product, free_port

pytestmark = pytest.mark.usefixtures("db")

MEGABYTES = 24
BIG = 30_000


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    monkeypatch.setenv("ALLOWED_NETWORKS", "127.0.0.0/8")
    with postoffice.opened() as office:
        yield office


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with tinydisk.mounted(tmp_path / "disk", megabytes=MEGABYTES) as disk:
        yield disk


@contextmanager
def process(database: str, disk: Path, port: int, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    changes = {"DATA": str(disk), "DATABASE_URL": database, "SMTP": f"127.0.0.1:{port}", "LOG_LEVEL": "ERROR"}
    told = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=os.environ | changes, **told)
    try:
        yield running
    finally:
        running.terminate()
        running.wait(20)


@pytest.fixture
def desk(disk: Path, office: PostOffice) -> Iterator[Desk]:
    """A listener that keeps no reserve, and a worker, with all their data on the small disk."""
    port = free_port()
    with ExitStack() as stack:
        database = stack.enter_context(desks.new_database(disk))
        with process(database, disk, port, "-m", "mainstay", "migrate") as migrating:
            assert migrating.wait(120) == 0
        desks.furnish(disk, database, SUPPORT, post_office=office.port)
        listener = stack.enter_context(process(database, disk, port, "-m", "tests.faults.cramped", "listen"))
        until(lambda: takes_connections(port), what="the listener")
        worker = stack.enter_context(process(database, disk, port, "-m", "mainstay", "worker"))
        yield Desk(Product(disk, 0, port, listener), database)
        assert listener.poll() is worker.poll() is None, "neither of them died of it"


def takes_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def kept(desk: Desk) -> dict[str, bytes]:
    """The mails whose receipts stand, by their hash, byte for byte as they lie there."""
    hashes = [name for (name,) in desk.rows("SELECT DISTINCT hash FROM mail_rawmail")]
    return {name: (desk.product.data / "files" / name[:2] / name).read_bytes() for name in hashes}


def large_mails(count: int) -> dict[str, bytes]:
    return {subject: raw + b"x" * BIG + b"\r\n" for subject, raw in sender.mails(count).items()}


def deliver_once(desk: Desk, waiting: dict[str, bytes]) -> dict[str, bytes]:
    """One try for each mail; a refusal has to be one for now, or `sender` fails."""
    taken: dict[str, bytes] = {}
    for subject, raw in waiting.items():
        try:
            taken |= sender.deliver(desk.product.smtp, {subject: raw}, revive=lambda: None, tries=1)
        except AssertionError as refused:
            assert "never taken" in str(refused)
    return taken


@pytest.mark.reliability("R-03")
@pytest.mark.parametrize("left", range(0, 512_000, 16_000))
def test_a_disk_that_is_full_to_the_byte_loses_nothing_that_was_taken_and_goes_on_when_there_is_room(
    desk: Desk, disk: Path, office: PostOffice, left: int
) -> None:
    waiting = large_mails(20)
    early = dict(list(waiting.items())[:2])
    sender.deliver(desk.product.smtp, early, revive=lambda: None)
    tinydisk.fill(disk, left=left)
    taken = early | deliver_once(desk, waiting)
    assert len(taken) < len(waiting), "it was full"
    assert set(taken.values()) <= set(kept(desk).values())
    tinydisk.empty(disk)
    taken |= sender.deliver(desk.product.smtp, waiting, revive=lambda: None)
    until(lambda: desk.is_quiet, seconds=120, what="the end of all work")
    assert set(kept(desk).values()) == set(waiting.values()) == set(taken.values())
    assert sorted(subject for (subject,) in desk.rows("SELECT subject FROM cases_case")) == sorted(waiting)
    assert desk.number("SELECT count(*) FROM cases_message WHERE NOT is_ours") == len(waiting)
    assert max(office.to(one.recipient) for one in office.carried) == 1


@pytest.mark.reliability("R-03")
def test_the_reserve_is_refused_before_anything_is_full_and_the_health_page_says_so(tmp_path: Path, disk: Path, office: PostOffice) -> None:
    with desks.desk(disk, SUPPORT, post_office=office.port) as desk:
        waiting = sender.mails(3)
        tinydisk.fill(disk, left=MEGABYTES * 1024 * 1024 // 10 - 100_000)
        assert deliver_once(desk, waiting) == {}
        assert desk.number("SELECT count(*) FROM mail_rawmail") == 0
        until(lambda: health(desk) == 503, what="that the pages say so")
        tinydisk.empty(disk)
        assert deliver_once(desk, waiting) == waiting
        until(lambda: health(desk) == 200, what="that all is well again")
        until(lambda: desk.number("SELECT count(*) FROM cases_case") == len(waiting), what="their cases")


def health(desk: Desk) -> int:
    web = http.client.HTTPConnection("127.0.0.1", desk.product.http, timeout=10)
    web.request("GET", "/healthz")
    return web.getresponse().status
