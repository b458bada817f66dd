"""The parser's child: a mail that breaks it costs that mail alone, and the next one is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mainstay.mail import child as child_module
from mainstay.mail.child import ParserChild, Unreadable, decode, encode
from mainstay.mail.parse import parse
from tests.mail.parse.letters import EVERY_KIND, mail

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hostile() -> Iterator[ParserChild]:
    with ParserChild("tests.mail.hostile:work", wall_seconds=60.0) as child:
        yield child


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_letter_comes_over_the_pipe_as_it_was(kind):
    letter = parse(EVERY_KIND[kind])
    assert decode(*encode(letter)) == letter


def test_the_child_reads_as_the_parser_does():
    with ParserChild() as child:
        for raw in EVERY_KIND.values():
            assert child.parse(raw) == parse(raw)


def test_a_mail_larger_than_any_pipe_comes_through():
    raw = mail("Content-Type: application/octet-stream; name=chart.bin", body=bytes(range(256)) * 20_000)
    with ParserChild() as child:
        assert child.parse(raw) == parse(raw)


@pytest.mark.reliability("R-21")
@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ("please die", "SIGKILL"),
        ("please spin", "processor time"),
        ("please eat", "memory"),
        ("please lie", "makes no sense"),
        ("please boast", "makes no sense: too large"),
        ("please raise", "ended with 1"),
    ],
)
def test_a_mail_that_breaks_the_child_costs_that_mail_alone(hostile, request_, reason):
    before = hostile.parse(mail()).subject
    with pytest.raises(Unreadable, match=reason):
        hostile.parse(mail(body=request_))
    assert hostile.parse(mail()).subject == before


@pytest.mark.reliability("R-21")
def test_a_hanging_child_is_replaced_when_its_time_is_over():
    with ParserChild("tests.mail.hostile:work", wall_seconds=0.5) as child:
        child.parse(mail())
        first = child.pid
        with pytest.raises(Unreadable, match="longer than"):
            child.parse(mail(body="please hang"))
        assert child.parse(mail()).subject == "The log won't open"
        assert child.pid != first


@pytest.mark.reliability("R-21")
def test_a_child_that_somebody_kills_between_two_mails_is_replaced(hostile):
    hostile.parse(mail())
    os.kill(hostile.pid, signal.SIGKILL)
    time.sleep(0.2)
    assert hostile.parse(mail()).subject == "The log won't open"


def test_the_child_knows_no_secrets_and_writes_no_files(hostile, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "canary")
    assert "SECRET_KEY" not in hostile.parse(mail(body="please tell")).text
    with pytest.raises(Unreadable):
        hostile.parse(mail(body="please write"))
    assert not Path("/tmp/mainstay-child-was-here").exists() or not Path("/tmp/mainstay-child-was-here").read_text()


def test_a_second_mail_may_be_handed_over_before_the_first_is_asked_for(hostile):
    first = hostile.submit(mail("Subject: one"))
    second = hostile.submit(mail("Subject: two"))
    assert (second.result().subject, first.result().subject) == ("two", "one")
    broken = hostile.submit(mail(body="please die"))
    third = hostile.submit(mail("Subject: three"))
    assert third.result().subject == "three"
    for _ in range(2):
        with pytest.raises(Unreadable):
            broken.result()


def test_the_child_is_replaced_after_its_life(hostile, monkeypatch):
    monkeypatch.setattr(child_module, "LIFE", 2)
    pids = set()
    for _ in range(4):
        hostile.parse(mail())
        pids.add(hostile.pid)
    assert len(pids) == 2


def test_the_child_dies_with_its_parent():
    script = """
        import os, signal
        from mainstay.mail.child import ParserChild
        child = ParserChild()
        child.parse(b"Subject: x\\n\\ny")
        print(child.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    for _ in range(50):
        if not _runs(pid):
            return
        time.sleep(0.05)
    pytest.fail("the child outlives its parent")


def _runs(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_the_child_starts_without_django():
    script = "import sys, mainstay.mail.child; sys.exit(any(name.partition('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0
