"""`mainstay doctor`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

help = "look whether everything is as it should be"


def add_arguments(parser: ArgumentParser) -> None:
    pass


def run(options: Namespace) -> int:
    from mainstay.cli import boot

    boot.boot()

    from django.db import connection

    connection.ensure_connection()  # without a database there is one thing to say

    from mainstay.cli import checks
    from mainstay.kernel.checkup import examine

    checks.register()
    findings = examine()
    for finding in findings:
        print(f"{'ok   ' if finding.is_well else 'WRONG'}  {finding.sentence}")
    return 0 if all(finding.is_well for finding in findings) else 1
