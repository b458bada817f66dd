"""One event, one line: what people wrote into a value can't start a line of its own in the log (S-101)."""

from __future__ import annotations

import logging

_CONTROL = {code: f"\\x{code:02x}" for code in [*range(32), 127, 0x85, 0x2028, 0x2029]}


class OneLine(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).translate(_CONTROL)


class Answers(logging.Filter):
    """Lets pass what is news. That /healthz says 503 is its answer, not an error: the change itself is logged by `health`, once."""

    def filter(self, record: logging.LogRecord) -> bool:
        path = getattr(getattr(record, "request", None), "path", "")
        return not (path == "/healthz" and getattr(record, "status_code", 0) == 503)
