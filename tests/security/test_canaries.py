"""Secrets and people's words are planted everywhere; afterwards they lie nowhere but where they belong (RELIABILITY S-095)."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cast import PASSWORD
from tests.jobs.processes import until
from tests.product import ROOT, Product, running

SECRETS = {
    "a wrong password": "wrong-canary-4711",
    "a right password": PASSWORD,
    "a mailbox's password": "mailbox-canary-4712",
    "a password to be": "future-canary-4713-words",
}
WORDS = {"a message": "bodycanary4714", "a subject": "subjectcanary4715", "a note": "notecanary4716", "a search": "searchcanary4717"}
# Where people's words belong: the cases, what finds them, what is being written, and the receipt that a person looks through.
BELONG = re.compile(r"cases_|search_|channels_draft|mail_rawmail|sqlite_")
FURNISH = """
import json, django
django.setup()
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from mainstay.cases.actions import add_note
from mainstay.channels.links import seal
from mainstay.channels.tokens import token_for
from mainstay.mail.actions import make_mailbox
from mainstay.people.actions.agents import invite_agent
from tests.cast import Cast
cast = Cast.assemble()
way_out = {"host": "127.0.0.1", "port": 2, "security": "starttls", "user": "x", "password": "mailbox-canary-4712"}
make_mailbox("support@demo.example", team=cast.support, **way_out)
case = cast.case(subject="subjectcanary4715", body="bodycanary4714")
add_note(case, "notecanary4716", by=cast.maya)
_, invitation = invite_agent(name="Rosa", email="rosa@journeyware.example", role="agent", teams=[cast.support], by=cast.ingrid)
seed = generate_totp_secret()
TOTP.activate(cast.ingrid, seed)
codes = RecoveryCodes.activate(cast.ingrid).get_unused_codes()
found = {"a reply token": token_for(case, cast.luis), "a link": seal(case, cast.luis), "an invitation": invitation, "a seed": seed}
found |= {"a recovery code": codes[0], "the signing key": settings.SECRET_KEY, "the sealing key": settings.SECRETS_KEY}
print(json.dumps(found))
"""


@dataclass
class Browser:
    """Just enough of one: cookies, and forms with their proof."""

    address: str
    jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def get(self, path: str) -> str:
        return self._open(urllib.request.Request(self.address + path))

    def post(self, path: str, **values: str) -> str:
        proof = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/account/sign-in") + self.get("/help/ask"))
        given = {"csrfmiddlewaretoken": proof[1] if proof else "", **values}
        return self._open(urllib.request.Request(self.address + path, urllib.parse.urlencode(given).encode(), {"Referer": self.address}))

    def _open(self, request: urllib.request.Request) -> str:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        try:
            return opener.open(request, timeout=30).read().decode()
        except urllib.error.HTTPError as answer:
            return answer.read().decode()

    def secrets(self) -> dict[str, str]:
        return {f"the cookie {cookie.name}": cookie.value or "" for cookie in self.jar}


@dataclass
class Traces:
    """What an operator could read afterwards."""

    secrets: dict[str, str]
    log: str
    rows: dict[str, str]
    told: str


def dump(path: Path) -> dict[str, str]:
    """Every table's rows as text."""
    with closing(sqlite3.connect(path)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: repr(database.execute(f'SELECT * FROM "{name}"').fetchall()) for name in tables}


def mainstay(product: Product, *words: str) -> str:
    changes = {"DATA": str(product.data), "DATABASE_URL": "", "LOG_LEVEL": "DEBUG", "DJANGO_SETTINGS_MODULE": "mainstay.settings"}
    ran = subprocess.run([sys.executable, *words], cwd=ROOT, env=os.environ | changes, capture_output=True, text=True, timeout=120)
    return ran.stdout + ran.stderr


def live(product: Product, found: dict[str, str]) -> dict[str, str]:
    """A day in the life: people sign in, guess, write, search, and use links that work and links that do not."""
    maya, stranger = Browser(product.address), Browser(product.address)
    stranger.post("/account/sign-in", login="maya@journeyware.example", password=SECRETS["a wrong password"])
    maya.post("/account/sign-in", login="maya@journeyware.example", password=PASSWORD)
    assert "subjectcanary4715" in maya.get("/desk/open/")
    maya.post("/profile/password", present=PASSWORD, password=SECRETS["a password to be"])
    maya.get("/desk/search/?q=searchcanary4717")
    link, invitation = found["a link"], found["an invitation"]
    for path in (f"/help/case/{link}", f"/help/case/{link}x", f"/join/{invitation}"):
        stranger.get(path)
        stranger.post(path, words="bodycanary4714", password="short")
    stranger.post("/help/ask", goal="subjectcanary4715", words="bodycanary4714", name="Luis", email="luis@harbor.example")
    token = found["a reply token"]
    product.mail(sender="luis@harbor.example", subject="subjectcanary4715", body="bodycanary4714", to=f"support+{token}@demo.example")
    product.mail(sender="zoe@elsewhere.example", subject="subjectcanary4715", body="bodycanary4714", to="support@demo.example")
    return {**maya.secrets(), **stranger.secrets()}


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traces]:
    with running(tmp_path_factory.mktemp("product"), "start", log_level="DEBUG") as product:
        found = json.loads(next(line for line in mainstay(product, "-c", FURNISH).splitlines() if line.startswith("{")))
        cookies = live(product, found)
        database = product.data / "mainstay.sqlite3"

        def is_filed() -> bool:
            with closing(sqlite3.connect(database)) as line:
                waits = line.execute("SELECT count(*) FROM mail_rawmail WHERE state = 'waiting'").fetchone()[0]
                tried = line.execute("SELECT count(*) FROM mail_mailbox WHERE last_error != ''").fetchone()[0]
                tried += line.execute("SELECT count(*) FROM channels_delivery WHERE attempts > 0 OR state != 'queued'").fetchone()[0]
                return waits == 0 and tried > 0

        until(is_filed, what="that all mail is filed and the acknowledgement was tried")
        told = mainstay(product, "-m", "mainstay", "doctor") + mainstay(product, "-m", "mainstay", "reconcile")
        told += Browser(product.address).get("/healthz") + Browser(product.address).get("/nowhere?q=searchcanary4717")
        secrets = {**SECRETS, **found, **{name: value for name, value in cookies.items() if "csrf" not in name and len(value) > 8}}
        yield Traces(secrets, (product.data / "product.log").read_text(), dump(database), told)


@pytest.mark.security("S-095")
def test_no_secret_and_no_word_of_anybody_stands_in_the_log(traces: Traces) -> None:
    assert "DEBUG" in traces.log or len(traces.log) > 200, "it did log"
    for name, secret in (traces.secrets | WORDS).items():
        assert secret not in traces.log, name


@pytest.mark.security("S-095")
def test_no_secret_can_be_read_in_the_database(traces: Traces) -> None:
    for table, rows in traces.rows.items():
        for name, secret in traces.secrets.items():
            if table == "django_session" and name.startswith("the cookie session"):
                continue  # its own key: whoever reads it can already read all that it opens
            assert secret not in rows, f"{name} in {table}"


@pytest.mark.security("S-095")
def test_peoples_words_lie_only_where_they_belong(traces: Traces) -> None:
    met = set()
    for table, rows in traces.rows.items():
        for name, word in WORDS.items():
            if word in rows:
                met.add(name)
                assert BELONG.match(table), f"{name} in {table}"
    assert met == {"a message", "a subject", "a note"}


@pytest.mark.security("S-095")
def test_no_command_and_no_page_for_operators_tells_any_of_it(traces: Traces) -> None:
    for name, secret in (traces.secrets | {key: WORDS[key] for key in ("a message", "a subject", "a note")}).items():
        assert secret not in traces.told, name
