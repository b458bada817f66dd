"""`mainstay migrate`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

help = "bring the database and the static files up to date"


def add_arguments(parser: ArgumentParser) -> None:
    pass


def run(options: Namespace) -> int:
    from mainstay.cli import boot

    boot.boot()
    boot.migrate()
    boot.collect_static()
    return 0
