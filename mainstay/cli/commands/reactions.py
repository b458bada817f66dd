"""`mainstay reactions`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

help = "print what follows from what: every event with its reactions, at once and later"


def add_arguments(parser: ArgumentParser) -> None:
    pass


def run(options: Namespace) -> int:
    from mainstay.cli import boot

    boot.boot()
    print(printed_map(), end="")
    return 0


def printed_map() -> str:
    """The map as docs/reference keeps it; the apps have to be loaded."""
    from mainstay.events.reacting import reaction_map

    lines = []
    for kind, at_once, later in reaction_map():
        lines.append(kind)
        lines += [f"    at once  {name}" for name in at_once]
        lines += [f"    later    {name}" for name in later]
    return "".join(f"{line}\n" for line in lines)
