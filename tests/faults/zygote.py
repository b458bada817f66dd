"""Real processes of the product that start in a twentieth of a second: forked from one that has everything loaded already.

Each can be told where it dies, fails, or finds its files too large; SIGKILL is SIGKILL.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from tests.jobs.processes import test_database

if os.environ.get("MAINSTAY_ZYGOTE"):
    import django

    django.setup()

    from mainstay.jobs import worker as worker_module
    from mainstay.mail import smtpd

    assert worker_module
    assert smtpd


def _prepare(plan: str, largest_file: int) -> None:
    from mainstay.kernel import faults

    faults._PLAN = plan
    if largest_file:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))


def run_listener(plan: str, largest_file: int, port: int) -> None:
    _prepare(plan, largest_file)
    from django.conf import settings

    from mainstay.mail import smtpd

    settings.SMTP_HOST, settings.SMTP_PORT = "127.0.0.1", port
    smtpd.run()


def run_worker(plan: str, largest_file: int, lease: int, connections: int, server_timeout: float) -> None:
    _prepare(plan, largest_file)
    from django.conf import settings

    from mainstay.jobs.worker import Worker

    settings.JOB_LEASE_SECONDS = lease
    settings.DEMO = True
    settings.EMAIL_TIMEOUT = server_timeout
    worker = Worker(network_threads=connections, patience=2)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()


def run_opener(count: int, fails_every: int, requester: int, team: int, told: Connection) -> None:
    """Opens so many cases and says their numbers; every so many the transaction around it fails."""
    from django.db import connection, transaction

    from mainstay.cases.actions import Words, open_case
    from mainstay.kernel import clock
    from mainstay.people.models import Person, Team

    luis, support = Person.objects.get(pk=requester), Team.objects.get(pk=team)
    numbers = []
    for place in range(1, count + 1):
        words = Words(author=luis, body="Help", at=clock.now(), channel="email", written_from="luis@harbor.example")
        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            case = open_case(words, requester=luis, subject="Help", team=support).case
            if fails_every and place % fails_every == 0:
                raise ZeroDivisionError
            numbers.append(case.number)
    connection.close()
    told.send(numbers)


def _context() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.zygote"])
    before = dict(os.environ)
    os.environ.update(DATABASE_URL=test_database(), MAINSTAY_ZYGOTE="1", LOG_LEVEL="ERROR")
    try:
        forkserver.ensure_running()
    finally:
        os.environ.clear()
        os.environ.update(before)
    return context


@contextmanager
def _running(target, *arguments: object) -> Iterator[BaseProcess]:
    process = _context().Process(target=target, args=arguments, daemon=True)
    process.start()
    try:
        yield process
    finally:
        process.terminate()
        process.join(10)
        if process.is_alive():
            process.kill()
            process.join()


@contextmanager
def listener(port: int, *, plan: str = "", largest_file: int = 0) -> Iterator[BaseProcess]:
    """The mail listener in a process of its own, once it takes connections; or dead by then, if the plan says so."""
    with _running(run_listener, plan, largest_file, port) as process:
        deadline = time.monotonic() + 30
        while process.is_alive() and time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield process


@contextmanager
def worker(
    *, plan: str = "", largest_file: int = 0, lease: int = 1, connections: int = 1, server_timeout: float = 60
) -> Iterator[BaseProcess]:
    """A worker; with one connection to other servers unless told otherwise, so that a kill meets one delivery."""
    with _running(run_worker, plan, largest_file, lease, connections, server_timeout) as process:
        yield process


def open_cases(processes: int, each: int, *, fails_every: int, requester: int, team: int) -> list[list[int]]:
    """So many processes open so many cases each, all at once; the numbers that each of them was given."""
    pipes = [multiprocessing.Pipe(duplex=False) for _ in range(processes)]
    with contextlib.ExitStack() as stack:
        for _, told in pipes:
            stack.enter_context(_running(run_opener, each, fails_every, requester, team, told))
            told.close()
        return [heard.recv() for heard, _ in pipes]
