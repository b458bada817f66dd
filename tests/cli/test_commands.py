"""The `mainstay` command as an operator meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from mainstay import __version__
from mainstay.cli import checks, main
from mainstay.cli.commands import doctor
from mainstay.jobs import queries, run_all
from mainstay.kernel import health
from mainstay.kernel.checkup import CHECKS, Finding, examine
from mainstay.mail.models import Mailbox
from tests.cast import Cast
from tests.cli.serving import free_port, serving
from tests.jobs import errands
from tests.jobs.processes import ROOT, environment, until, worker


def mainstay(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mainstay", *arguments]
    return subprocess.run(command, env=environment(**changes), cwd=ROOT, capture_output=True, text=True, timeout=60)


@pytest.mark.django_db
def test_help_lists_every_command_in_one_line_each() -> None:
    told = mainstay("--help").stdout
    for name in main.names():
        assert f"    {name}" in told
        assert main.load(name).help in " ".join(told.split())
    assert {"demo", "doctor", "listen", "mail", "migrate", "reactions", "serve", "start", "supervise", "worker"} <= set(main.names())


@pytest.mark.django_db
def test_the_command_knows_its_version_and_refuses_what_it_does_not_know() -> None:
    assert mainstay("--version").stdout == f"Mainstay {__version__}\n"
    assert mainstay("dance").returncode == 2


@pytest.mark.django_db
def test_help_does_not_wait_for_django() -> None:
    asked = "import sys; from mainstay.cli.main import main\ntry: main(['--help'])\nexcept SystemExit: pass\nprint('django' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert told.stdout.endswith("False\n")


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["start", "doctor"])
def test_a_wrong_setting_ends_every_command_with_one_plain_sentence(command: str) -> None:
    ended = mainstay(command, HTTP="somewhere")
    assert ended.returncode == 1
    assert ended.stderr == "Mainstay does not start: HTTP is 'somewhere', but it has to be a host and a port, such as 127.0.0.1:8000.\n"


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["start", "migrate", "doctor", "reconcile", "reseal"])
@pytest.mark.parametrize("where", ["postgresql://somebody@127.0.0.1:1/nowhere", "sqlite:////nowhere/at/all"])
def test_a_database_that_is_not_there_is_one_plain_sentence_too(command: str, where: str, tmp_path: Path) -> None:
    ports = {"HTTP": f"127.0.0.1:{free_port()}", "SMTP": f"127.0.0.1:{free_port()}"}
    ended = mainstay(command, DATABASE_URL=where, DATA=str(tmp_path), **ports)
    assert ended.returncode == 1
    (sentence,) = ended.stderr.splitlines()
    assert sentence.startswith("Mainstay can't reach its database: ")
    assert sentence.endswith("DATABASE_URL says where it is; without it, it is a file in DATA.")


@pytest.mark.django_db
def test_reactions_prints_the_whole_map() -> None:
    from mainstay.cli.commands.reactions import printed_map
    from mainstay.events.reacting import reaction_map

    told = printed_map()
    for kind, at_once, later in reaction_map():
        assert f"{kind}\n" in told
        for name in [*at_once, *later]:
            assert name in told


@pytest.mark.usefixtures("committed")
def test_the_doctor_finds_nothing_wrong_where_all_is_well(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    Mailbox.objects.create(address="support@journeyware.example", team=cast.support, host="mail.journeyware.example")
    with worker():
        until(lambda: queries.workers_alive().exists(), what="the worker's heartbeat")
        health.forget()
        code = doctor.run(None)  # type: ignore[arg-type]
    told = capsys.readouterr().out
    assert code == 0, told
    assert "WRONG" not in told
    assert "The event log is append-only." in told
    assert ("PostgreSQL's fsync is on." if connection.vendor == "postgresql" else "SQLite's synchronous is 2.") in told


@pytest.mark.usefixtures("committed")
def test_the_doctor_names_what_is_wrong_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    from mainstay.events import triggers

    triggers.remove()
    health.forget()
    assert doctor.run(None) == 1  # type: ignore[arg-type]
    told = capsys.readouterr().out
    assert "WRONG  No worker is running" in told
    assert "`mainstay migrate` puts it back" in told


@pytest.mark.usefixtures("committed")
def test_the_doctor_sees_a_database_that_would_forget() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET synchronous_commit = off")
        else:
            cursor.execute("PRAGMA synchronous = OFF")
        findings = list(checks.database())
        cursor.execute("SET synchronous_commit = on" if connection.vendor == "postgresql" else "PRAGMA synchronous = FULL")
    assert any("could lose what was acknowledged" in finding.sentence for finding in findings if not finding.is_well)


@pytest.mark.django_db
def test_the_doctor_sees_jobs_that_were_given_up() -> None:
    errands.never.enqueue()
    run_all()
    assert [finding.sentence for finding in checks.jobs()] == [
        "1 job was given up; see the settings page, where they can be tried again or discarded."
    ]


def test_an_app_s_own_check_is_asked_and_one_that_breaks_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[Finding]:
        raise OSError("no such thing")

    monkeypatch.setattr(CHECKS, "_entries", {"a": broken, "b": lambda: [Finding(True, "The mailbox answers.")]})
    assert [finding.sentence for finding in examine()] == ["The check 'a' could not look: OSError: no such thing", "The mailbox answers."]


@pytest.mark.django_db
def test_static_files_are_gathered_only_when_they_changed(settings: object, tmp_path: Path) -> None:
    from mainstay.cli import boot

    settings.STATIC_ROOT = tmp_path / "static"  # type: ignore[attr-defined]
    assert boot.collect_static()
    assert not boot.collect_static()
    assert any((tmp_path / "static").iterdir())


@pytest.mark.usefixtures("committed")
def test_a_web_process_that_is_started_alone_has_its_static_files(tmp_path: Path) -> None:
    with serving(DATA=str(tmp_path), DJANGO_SETTINGS_MODULE="mainstay.settings") as server:
        status, page = server.ask("GET", "/setup/")
        assert (status, b"/static/ui/css/mainstay." in page) == (200, True)
