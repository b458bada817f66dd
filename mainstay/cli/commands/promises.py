"""`mainstay promises`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

help = "prove that every promise on record follows from its case: `promises rebuild`"


def add_arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)
    rebuild = actions.add_parser("rebuild", help="compare every promise with what its case's own rows say")
    rebuild.add_argument("--fix", action="store_true", help="also put right what differs")


def run(options: Namespace) -> int:
    """1 when something differs and was not put right."""
    from mainstay.cli import boot

    boot.boot()

    from mainstay.promises.actions import rebuild

    found = 0
    for difference in rebuild(fix=options.fix):
        found += 1
        print(difference)
    if not found:
        print("Every promise is what its case says.")
        return 0
    print(f"{found} differences, put right." if options.fix else f"{found} differences; --fix puts them right.")
    return 0 if options.fix else 1
