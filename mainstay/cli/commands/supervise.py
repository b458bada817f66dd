"""`mainstay supervise`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

help = "run web, worker and mail listener as one group, with the database as it is"


def add_arguments(parser: ArgumentParser) -> None:
    pass


def run(options: Namespace) -> int:
    from mainstay.cli.commands.start import announce
    from mainstay.cli.running import run_group

    return run_group(prepare=None, announce=announce)
