"""A stopwatch that counts this process's own time, so a busy machine fails nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest


@pytest.fixture
def quickly() -> Callable[[float], AbstractContextManager[None]]:
    """`with quickly(1.0):` fails when the block takes more processor seconds."""

    @contextmanager
    def within(seconds: float) -> Iterator[None]:
        start = time.process_time()
        yield
        taken = time.process_time() - start
        assert taken < seconds, f"took {taken:.1f} s instead of {seconds} s"

    return within
