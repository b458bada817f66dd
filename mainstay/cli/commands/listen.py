"""`mainstay listen`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

help = "take mail by SMTP on SMTP (127.0.0.1:2525 when unset)"


def add_arguments(parser: ArgumentParser) -> None:
    pass


def run(options: Namespace) -> int:
    from mainstay.cli import boot

    boot.boot()

    from mainstay.mail.smtpd import run as listen

    listen()
    return 0
