"""`mainstay mail`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

help = "look at mails: `mail parse FILE` shows what Mainstay reads in one"


def add_arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)
    parse = actions.add_parser("parse", help="show what Mainstay reads in a mail, or in every mail of a folder")
    parse.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder of *.eml, or - for standard input")
    parse.add_argument("--data", action="store_true", help="with the bytes of the attachments")


def run(options: Namespace) -> int:
    from mainstay.cli import boot

    boot.boot()

    from mainstay.cli.mail import parse_paths

    return parse_paths(options.paths, options.data, sys.stdout)
