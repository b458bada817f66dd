"""`parse(raw) -> Letter`: pure, total, without Django. See reader.py for the way and letter.py for what comes out."""

from __future__ import annotations

from .letter import Bounce, File, Letter, Mailbox
from .reader import parse

__all__ = ["Bounce", "File", "Letter", "Mailbox", "parse"]
