"""`mainstay demo`."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from functools import partial

help = "try it out: a made-up company with its cases, and one click to sign in"

CASES = 300


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--cases", type=int, default=CASES, metavar="N", help=f"how many cases a new demo gets ({CASES})")
    parser.add_argument("--no-start", action="store_true", help="make the demo, but do not run it")


def run(options: Namespace) -> int:
    # Before the settings are read, and for every child.
    os.environ["MAINSTAY_DEMO"] = "1"
    from mainstay.cli.commands.start import announce
    from mainstay.cli.running import run_group

    return run_group(prepare=partial(prepare, options.cases), announce=announce, start=not options.no_start)


def prepare(cases: int) -> None:
    from mainstay.cli.commands import start

    start.bring_up_to_date()
    from mainstay.cli.demo import seed
    from mainstay.cli.running import tell
    from mainstay.people.models import Agent

    if Agent.objects.exists():
        return
    tell(f"Making a demo company with {cases} cases ...")
    try:
        seed(cases=cases, progress=show)
    except KeyboardInterrupt:
        tell("\nStopped before the demo was made, so nothing of it is kept; the next start makes it anew.")
        raise


def show(done: int, total: int) -> None:
    """One line that grows on a terminal, a line for each tenth elsewhere."""
    if sys.stdout.isatty():
        print(f"\r  {done} of {total} cases", end="\n" if done >= total else "", flush=True)
    elif done >= total or done % max(1, total // 10) == 0:
        print(f"  {done} of {total} cases", flush=True)
