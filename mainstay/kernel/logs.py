"""One event, one line: what people wrote into a value can't start a line of its own in the log (S-101), and no address that opens
something stands in one (S-095)."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

_CONTROL = {code: f"\\x{code:02x}" for code in [*range(32), 127, 0x85, 0x2028, 0x2029]}


class OneLine(logging.Formatter):
    """`secret_paths` are beginnings of addresses whose next part is a secret: whoever has it is let in."""

    def __init__(self, secret_paths: Sequence[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._secret = re.compile(f"({'|'.join(map(re.escape, secret_paths)) or '(?!)'})[^\\s/?'\"]+")

    def format(self, record: logging.LogRecord) -> str:
        return self._secret.sub(r"\1…", super().format(record).translate(_CONTROL))


class Answers(logging.Filter):
    """Lets pass what is news. That /healthz says 503 is its answer, not an error: the change itself is logged by `health`, once."""

    def filter(self, record: logging.LogRecord) -> bool:
        path = getattr(getattr(record, "request", None), "path", "")
        return not (path == "/healthz" and getattr(record, "status_code", 0) == 503)
