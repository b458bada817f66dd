"""What `mainstay doctor` looks at."""

from __future__ import annotations


def register() -> None:
    pass
