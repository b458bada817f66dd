"""Finds the commands, reads the arguments, runs one."""

from __future__ import annotations

import argparse
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from mainstay import __version__
from mainstay.cli import commands


class Command(Protocol):
    """What a module in `commands/` offers. It is called like its file."""

    help: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, options: argparse.Namespace) -> int:
        """The exit code: 0 when it went well."""
        ...


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))


def load(name: str) -> Command:
    return cast(Command, import_module(f"{commands.__name__}.{name}"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `mainstay <arguments>` and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser(given[:1]).parse_args(given)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    except Exception as error:
        if sentence := _plainly(error):
            print(sentence, file=sys.stderr)
            return 1
        raise


def _plainly(error: Exception) -> str:
    """What an operator reads in place of a traceback; nothing for an error that is ours."""
    if "django.db" not in sys.modules:
        return ""
    from mainstay.cli.boot import unreachable

    return unreachable(error)


def _parser(first: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mainstay", description="A technical-support system that drives cases out.")
    parser.add_argument("--version", action="version", version=f"Mainstay {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="command", required=True)
    # Only the one that is asked for: a start should not wait for the imports of all the others.
    for name in [first[0]] if first and first[0] in names() else names():
        command = load(name)
        subparser = subparsers.add_parser(name, help=command.help, description=command.help)
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    return parser
