"""Is anything standing still? Named checks, each cheap enough to be asked on every page; their answers are kept for a moment."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.utils.translation import get_language, gettext

from mainstay.kernel.registry import Registry

Check = Callable[[], list[str]]
Answers = dict[str, list[str]]

KEPT_SECONDS = 15.0

CHECKS: Registry[Check] = Registry("health check")
log = logging.getLogger("mainstay.health")

_asking = threading.Lock()
_kept: dict[str, tuple[float, Answers]] = {}
_standing: set[str] = set()


def look() -> Answers:
    """Each check's sentences for people, by its name; none means that all is well. Asked anew when the last answer is older than
    15 seconds, by one thread of a process: the others take the older answer meanwhile. A check that fails is a sentence itself."""
    language = get_language() or ""
    kept_at, answers = _kept.get(language, (0.0, {}))
    if answers and time.monotonic() - kept_at < KEPT_SECONDS:
        return answers
    if not _asking.acquire(blocking=not answers):
        return answers
    try:
        answers = ask()
        _log_changes(answers)
        _kept[language] = (time.monotonic(), answers)
        return answers
    finally:
        _asking.release()


def ask() -> Answers:
    """The answers as they are now."""
    return {name: _ask(name, check) for name, check in CHECKS.items()}


def troubles() -> list[str]:
    """What is wrong, in one list."""
    return [sentence for sentences in look().values() for sentence in sentences]


def forget() -> None:
    """Ask anew next time."""
    _kept.clear()


def _log_changes(answers: Answers) -> None:
    """Each standstill once, however often it is asked about, and once that it is over."""
    standing = {name for name, sentences in answers.items() if sentences}
    for name in sorted(standing - _standing):
        log.warning("standing still: %s: %s", name, " ".join(answers[name]))
    for name in sorted(_standing - standing):
        log.info("moving again: %s", name)
    _standing.clear()
    _standing.update(standing)


def _ask(name: str, check: Check) -> list[str]:
    try:
        return check()
    except Exception:
        if name not in _standing:  # its traceback once, not at each question
            log.exception("the health check %r could not look", name)
        return [gettext("The check of “%(name)s” could not look; the log says why.") % {"name": name}]
