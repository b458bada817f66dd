"""What a task may raise to say how it ended, and how an error is told to the operator without a person's words."""

from __future__ import annotations

import traceback
from datetime import timedelta

from django.db import Error as DatabaseError

LONGEST = 1000
_FRAMES = 4


class Retry(Exception):  # noqa: N818 — an outcome that a task asks for
    """Come back `after` this time. Counts as no attempt and lets the later jobs of the lane go first; when to stop is the task's to say."""

    def __init__(self, after: timedelta, reason: str) -> None:
        super().__init__(reason)
        self.after = after
        self.reason = reason


class GiveUp(Exception):  # noqa: N818 — an outcome that a task asks for
    """This will never work: fail at once and stand in the list of failed jobs with `reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LeaseLost(Exception):  # noqa: N818 — and that is all right
    """The lease ran out and another worker has the job; what this one was about to write is rolled back."""


def describe(error: BaseException) -> str:
    """The kind of error and where it happened, at most `LONGEST` characters.

    An exception's own text is left out unless it comes from us, the system or the first line of the database's answer:
    the text of a ValueError or UnicodeDecodeError can be a piece of somebody's mail.
    """
    if isinstance(error, (Retry, GiveUp)):
        return error.reason[:LONGEST]
    told = type(error).__qualname__
    words = _harmless_words(error)
    if words:
        told += f": {words}"
    if error.__cause__ is not None and not isinstance(error, DatabaseError):
        told += f" (from {type(error.__cause__).__qualname__})"
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = ", ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{told} at {places}"[:LONGEST]


def _harmless_words(error: BaseException) -> str:
    if isinstance(error, DatabaseError):
        # PostgreSQL's second line (DETAIL) repeats the values of the row.
        return str(error).partition("\n")[0][:200]
    if isinstance(error, ImportError):
        return str(error)[:200]
    if isinstance(error, OSError):
        return error.strerror or ""
    return ""
