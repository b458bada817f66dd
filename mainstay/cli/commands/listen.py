"""`mainstay listen`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

help = "take mail by SMTP, or LMTP with --lmtp, on SMTP (127.0.0.1:2525 when unset)"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--lmtp", action="store_true", help="speak LMTP (RFC 2033) to a mail server in front")


def run(options: Namespace) -> int:
    from mainstay.cli import boot

    boot.boot()

    from mainstay.mail.smtpd import run as listen

    listen(is_lmtp=options.lmtp)
    return 0
