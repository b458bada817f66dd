"""`mainstay start` as whoever installs Mainstay for a company meets it."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.cli.serving import free_port
from tests.jobs.processes import ROOT

ANSWERS = {
    "team": "Journeyware Support",
    "mailbox": "support@journeyware.example",
    "name": "Ingrid Solberg",
    "email": "ingrid@journeyware.example",
    "password": "a mast held by two stays",
    "time_zone": "Europe/Oslo",
}


@contextmanager
def started(data: Path) -> Iterator[tuple[int, list[str]]]:
    """The group on a database of its own, behind a proxy as it were: its web port, and what it said until it had said all."""
    port = free_port()
    changes = {
        "DATA": str(data),
        "HTTP": f"127.0.0.1:{port}",
        "SMTP": f"127.0.0.1:{free_port()}",
        "DATABASE_URL": "",
        "BASE_URL": "http://help.journeyware.example",
    }
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "mainstay", "start"]
    process = subprocess.Popen(command, env=kept | changes, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    try:
        said: list[str] = []
        for line in process.stdout:
            said.append(line.strip())
            if line.startswith("Ctrl-C"):
                break
        yield port, said
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0


def ask(port: int, method: str, path: str, values: dict[str, str] | None = None, **more: str) -> tuple[int, str, str]:
    headers = {"Host": "help.journeyware.example", "Content-Type": "application/x-www-form-urlencoded", **more}
    web = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    web.request(method, path, urlencode(values) if values else None, headers)
    answer = web.getresponse()
    return answer.status, answer.read().decode(), "; ".join(re.findall(r"csrf=[^;,]+", answer.getheader("Set-Cookie") or ""))


@pytest.mark.security("S-057")
def test_ingrid_reads_the_set_up_code_where_she_started_it_and_only_once(tmp_path: Path) -> None:
    with started(tmp_path) as (port, said):
        assert "Nobody has set it up yet: open http://help.journeyware.example/setup/ and be the first administrator." in said
        printed = next(found[1] for line in said if (found := re.search(r"^set-up code\s+([0-9a-f]{32})$", line)))
        assert ask(port, "GET", "/healthz", Host=f"127.0.0.1:{port}")[0] in {200, 503}
        assert ask(port, "GET", "/healthz", Host="elsewhere.example")[0] == 400
        status, page, cookie = ask(port, "GET", "/setup/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert (status, "Set-up code" in page) == (200, True)
        assert token
        values = {**ANSWERS, "csrfmiddlewaretoken": token[1]}
        assert ask(port, "POST", "/setup/", {**values, "code": "0" * 32}, Cookie=cookie)[0] == 422
        assert ask(port, "POST", "/setup/", {**values, "code": printed}, Cookie=cookie)[0] == 303
    with started(tmp_path) as (_, said):
        assert not any("set-up code" in line for line in said)
