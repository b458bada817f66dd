"""`mainstay mail`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

help = "look at mails: `mail parse FILE` shows what Mainstay reads in one"


def add_arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)
    parse = actions.add_parser("parse", help="show what Mainstay reads in a mail, or in every mail of a folder")
    parse.add_argument("paths", nargs="+", type=Path, metavar="PATH")


def run(options: Namespace) -> int:
    from mainstay.cli import boot

    boot.boot()

    from mainstay.cli.mail import parse_paths

    return int(parse_paths(options.paths) or 0)
