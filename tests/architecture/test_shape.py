"""The shape of the code: short files, short functions, the words of the product, one event a verb."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path
    for path in (ROOT / "mainstay").rglob("*.py")
    if "migrations" not in path.parts and "vendor" not in path.parts and "__pycache__" not in path.parts
)
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py") if "__pycache__" not in path.parts)
FORBIDDEN_MODULES = {"utils", "helpers", "services", "signals", "common", "misc"}
FORBIDDEN_WORDS = re.compile(r"\b(ticket|helpdesk ticket|conversation|requester_email|canned|sla_policy)s?\b", re.IGNORECASE)
LOWEST_FIRST = [
    "kernel",
    "jobs",
    "events",
    "people",
    "search",
    "cases",
    "channels",
    "promises",
    "mail",
    "letters",
    "setup",
    "desk",
    "portal",
]
# Verbs that record nothing, each with its reason.
SILENT = {
    "cases.set_due": "repeats what the promise's own event says",
    "channels.save_draft": "a draft is private until its release",
    "channels.open_draft": "a draft is private until its release",
    "channels.attach": "a draft is private until its release",
    "channels.detach": "a draft is private until its release",
    "channels.press": "nothing has happened until the release",
    "channels.undo": "nothing has happened until the release",
    "channels.post": "the message's own event speaks of it",
    "channels.will_retry": "nothing is settled yet",
    "channels.hold": "nothing is settled yet",
    "channels.unread": "a question",
    "channels.new_message_id": "a value",
    "channels.release_due": "release records",
    "jobs.retry_job": "jobs lie below the log",
    "jobs.discard_job": "jobs lie below the log",
    "people.make_invitation": "AgentInvited speaks of it",
    "mail.note_success": "the delivery's own event speaks of it",
    "mail.test_mailbox": "a question",
    "people.invited": "a question",
    "promises.ask_recompute": "the settings' own events speak of it",
    "search.index": "the index says nothing that other rows don't",
    "search.forget": "the index says nothing that other rows don't",
    "search.reindex": "the index says nothing that other rows don't",
    "cases.write_message": "the verb that calls it records",
    "cases.write_files": "the verb that calls it records",
    "cases.tidy": "a value",
    "cases.next_number": "a value",
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [*FILES, *TESTS], ids=name)
def test_a_file_fits_in_one_sitting(path):
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_function_fits_on_a_screen(path):
    long = [f"{node.name} ({_length(node)})" for node in _functions(path) if _length(node) > 40]
    assert not long


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_module_is_a_catch_all(path):
    assert path.stem not in FORBIDDEN_MODULES
    assert path.parent.name not in FORBIDDEN_MODULES


@pytest.mark.parametrize("path", FILES, ids=name)
def test_the_clock_is_the_only_one_who_asks_for_the_time(path):
    if path.name != "clock.py":
        assert not re.search(r"datetime\.now\(|timezone\.now\(|utcnow\(|auto_now|time\.time\(\)", path.read_text())


def test_the_product_speaks_its_own_words():
    """In code, templates and texts; vendored files, and lists that name what other systems write in their mails, apart."""
    found = []
    for path in [*FILES, *(ROOT / "mainstay").rglob("*.html"), *(ROOT / "docs" / "guide").rglob("*.md")]:
        if "vendor" in path.parts or ("mail" in path.parts and path.parent.name in {"mail", "parse"}):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if FORBIDDEN_WORDS.search(line):
                found.append(f"{name(path)}:{number}: {line.strip()}")
    assert not found


def test_every_verb_records_an_event():
    """A public function of an app's actions records, or calls one that does, or stands in SILENT with its reason."""
    silent, everywhere = [], set()
    for app, functions in sorted(_verbs().items(), key=lambda item: LOWEST_FIRST.index(item[0])):
        recording = {fn for fn, called in functions.items() if {"record", "_settle"} & called} | everywhere
        for _ in functions:
            recording |= {fn for fn, called in functions.items() if called & recording}
        everywhere |= {fn for fn in recording if not fn.startswith("_")}
        silent += [f"{app}.{fn}" for fn in functions if not fn.startswith("_") and fn not in recording and f"{app}.{fn}" not in SILENT]
    assert not silent


def test_every_app_says_what_it_is_on_one_page():
    apps = [path.parent for path in (ROOT / "mainstay").glob("*/apps.py")]
    missing = [app.name for app in apps if not (app / "README.md").exists()]
    assert not missing
    long = [app.name for app in apps if len((app / "README.md").read_text().splitlines()) > 40]
    assert not long


def test_no_path_of_a_machine_and_no_registry_is_in_the_tree():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    for line in tracked:
        path = ROOT / line
        if path.suffix in {".txt", ".toml", ".py", ".md", ".sh", ".json"} and path.exists():
            text = path.read_text(errors="replace")
            assert f"{ROOT.parent}/" not in text, line
            assert not (path.parent.name == "requirements" and "://" in text), line


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _verbs() -> dict[str, dict[str, set[str]]]:
    """app → function → the names it calls."""
    found: dict[str, dict[str, set[str]]] = {}
    for path in FILES:
        relative = path.relative_to(ROOT / "mainstay")
        if len(relative.parts) > 1 and (relative.parts[1] == "actions" or relative.parts[1] == "actions.py"):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef):
                    called = {_called(call) for call in ast.walk(node) if isinstance(call, ast.Call)}
                    found.setdefault(relative.parts[0], {})[node.name] = called
    return found


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
