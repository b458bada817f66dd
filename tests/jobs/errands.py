"""Tasks for the tests of the queue, importable by a worker process as well. An effect is an Organization with a telling name."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from mainstay.jobs import GiveUp, Retry, task
from mainstay.people.models import Organization


def effect(name: str) -> None:
    Organization.objects.create(name=name)


def effects(name: str) -> int:
    return Organization.objects.filter(name=name).count()


def note(path: str, line: str) -> None:
    """A line in a file: what a task did outside any transaction, seen from another process."""
    with open(path, "a") as file:
        file.write(f"{line}\n")


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


@task
def deliver(name: str) -> Callable[[], None]:
    return partial(effect, name)


@task
def look_only() -> None:
    return None


@task
def slow_letter(path: str, name: str, seconds: float) -> Callable[[], None]:
    """Slow the first time, so that its worker can be stopped in the middle; at once when it is tried again."""
    first = not Path(path).exists()
    note(path, str(os.getpid()))
    if first:
        time.sleep(seconds)
    return partial(effect, name)


@task
def in_turn(path: str, line: str, seconds: float = 0.0) -> None:
    note(path, f"+{line}")
    time.sleep(seconds)
    note(path, f"-{line}")


@task(queue_name="network")
def hang(path: str, seconds: float) -> None:
    note(path, "hanging")
    time.sleep(seconds)


@task(max_attempts=3)
def stumble(words: str) -> None:
    raise ValueError(words)


@task
def stumble_at_the_end(name: str) -> Callable[[], None]:
    return partial(effect_and_stumble, name)


def effect_and_stumble(name: str) -> None:
    effect(name)
    raise OSError(28, "No space left on device")


@task
def later(minutes: int) -> None:
    raise Retry(timedelta(minutes=minutes), "451 try again later")


@task
def never() -> None:
    raise GiveUp("the mailbox is gone")


@task
def leave() -> None:
    raise SystemExit("a library that thinks it is a program")


@task
def kill_my_worker(path: str) -> None:
    note(path, "killing")
    os._exit(9)


@task(takes_context=True)
def which_attempt(context: object, path: str) -> None:
    note(path, str(context.attempt))  # type: ignore[attr-defined]


@task
def ask_for_more(name: str) -> Callable[[], None]:
    return partial(effect_and_ask, name)


def effect_and_ask(name: str) -> None:
    effect(name)
    deliver.enqueue(f"{name}, next")
