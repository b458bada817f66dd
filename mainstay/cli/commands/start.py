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
    bring_up_to_date()
    from mainstay.setup import code

    if code.pending_code() is None:
        code.forget_code()


def bring_up_to_date() -> None:
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
    tell(f"Mainstay {settings.VERSION} runs.")
    tell(f"  desk           {settings.BASE_URL}/")
    tell(f"  portal         {settings.BASE_URL}/help")
    tell(f"  mail listener  {settings.SMTP_HOST}:{settings.SMTP_PORT}")
    # The file alone, without the apps: this process watches the others, and stays small.
    code = settings.DATA / "setup.code"
    if code.is_file():
        tell(f"Nobody has set it up yet: open {settings.BASE_URL}/setup/ and be the first administrator.")
        tell(f"  set-up code    {code.read_text().strip()}")
    tell(f"Ctrl-C stops it; the data stay in {settings.DATA}.")
