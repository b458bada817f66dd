"""`mainstay reseal`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

help = "seal every stored secret under today's SECRETS_KEY, so that the earlier keys can go"


def add_arguments(parser: ArgumentParser) -> None:
    pass


def run(options: Namespace) -> int:
    """May run while Mainstay does; a second run does no harm."""
    from mainstay.cli import boot

    boot.boot()

    from mainstay.kernel.secrets import standing

    code = 0
    for name, found in standing(reseal=True).items():
        lost = f" {found.lost} can't be read by any key that is set, and have to be entered again." if found.lost else ""
        print(f"{'WRONG' if lost else 'ok   '}  {name}: {found.earlier} sealed anew, {found.today} under today's key already.{lost}")
        code = 1 if lost else code
    return code
