"""Whole installations with databases of their own, which send through a post office of the test's; and what stands in their rows."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from tests.jobs.processes import ROOT
from tests.product import Product, running

FURNISH = """
import sys, django
django.setup()
from mainstay.cases.actions import set_severities
from mainstay.mail.actions import make_mailbox
from mainstay.people.models import Team
set_severities({1: ("Down", ""), 2: ("High", ""), 3: ("Normal", "")}, default=3, by=None)
port, *addresses = sys.argv[1:]
for address in addresses:
    team = Team.objects.create(name=address, voice=address)
    make_mailbox(address, team=team, host="127.0.0.1", port=int(port), security="none")
"""
UNFINISHED = """
    SELECT (SELECT count(*) FROM jobs_job WHERE task NOT LIKE '%timers%')
         + (SELECT count(*) FROM mail_rawmail WHERE state = 'waiting')
         + (SELECT count(*) FROM channels_delivery WHERE state IN ('queued', 'sending'))
"""


@dataclass
class Desk:
    """A running installation, and its database as anybody with a database program sees it."""

    product: Product
    database: str

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        if self.database.startswith("postgresql"):
            with psycopg.connect(self.database, autocommit=True) as line:
                return line.execute(question).fetchall()
        path = self.database.removeprefix("sqlite://")
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)) as line:
            return line.execute(question).fetchall()

    def number(self, question: str) -> int:
        return int(self.rows(question)[0][0])

    @property
    def is_quiet(self) -> bool:
        """Nothing that arrived waits to be filed, nothing waits to be done, nothing waits to leave."""
        return self.number(UNFINISHED) == 0


@contextmanager
def desk(data: Path, *addresses: str, post_office: int, database: str = "") -> Iterator[Desk]:
    """An installation that answers these addresses, each with a team of its own; on `database`, or on a new one."""
    data.mkdir(exist_ok=True)
    with nullcontext(database) if database else new_database(data) as url, running(data, "start", database=url) as product:
        furnish(data, url, *addresses, post_office=post_office)
        yield Desk(product, url)


def furnish(data: Path, database: str, *addresses: str, post_office: int) -> None:
    """Severities, and for each address a team and a mailbox that sends through the post office."""
    words = [sys.executable, "-c", FURNISH, str(post_office), *addresses]
    changes = {"DATA": str(data), "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "mainstay.settings"}
    subprocess.run(words, cwd=ROOT, env=os.environ | changes, check=True, timeout=120)


@contextmanager
def new_database(data: Path) -> Iterator[str]:
    """SQLite in the data folder, or a new database on the server that these tests use."""
    if connection.vendor == "sqlite":
        yield f"sqlite://{data.absolute() / 'desk.sqlite3'}"
        return
    found, name = connection.settings_dict, f"{data.name}_{os.getpid()}"
    server = f"postgresql://{found['USER']}@{found['HOST']}:{found['PORT'] or 5432}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as line:
        line.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as line:
            line.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
