"""`mainstay start`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

help = "bring everything up to date, then run web, worker and mail listener as one group"


def add_arguments(parser: ArgumentParser) -> None:
    pass


def run(options: Namespace) -> int:
    from mainstay.cli.running import run_group

    return run_group(prepare=prepare, announce=announce)


def prepare() -> None:
    from mainstay.cli import boot
    from mainstay.cli.running import tell

    boot.boot()
    tell("Bringing the database up to date ...")
    boot.migrate(verbosity=0)
    if boot.collect_static():
        tell("Gathered the static files.")


def announce() -> None:
    from mainstay.cli import boot
    from mainstay.cli.running import tell

    settings = boot.settings()
    tell(f"Mainstay {settings.VERSION} runs. Ctrl-C stops it; the data stay in {settings.DATA}.")
    tell(f"  desk           {settings.BASE_URL}/")
    tell(f"  portal         {settings.BASE_URL}/help")
    tell(f"  mail listener  {settings.SMTP_HOST}:{settings.SMTP_PORT}")
