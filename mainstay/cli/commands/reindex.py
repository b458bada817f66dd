"""`mainstay reindex`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

help = "make the search index anew from everything there is"


def add_arguments(parser: ArgumentParser) -> None:
    pass


def run(options: Namespace) -> int:
    """Search finds what is done so far while it runs; a second run does no harm."""
    from mainstay.cli import boot

    boot.boot()

    from mainstay.search.actions import reindex

    done: dict[str, int] = {}
    for name, number in reindex():
        done[name] = number
        if sys.stdout.isatty():
            print(f"\r  {name}: {number}", end="", flush=True)
    if sys.stdout.isatty():
        print("\r", end="")
    print("Indexed " + ", ".join(f"{number} {name}" for name, number in done.items()) + "." if done else "There is nothing to index yet.")
    return 0
