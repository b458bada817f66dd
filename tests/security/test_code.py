"""What our code never does, whoever writes it, and what it is built from (RELIABILITY 7.6, 7.7)."""

from __future__ import annotations

import ast
import hashlib
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

import mainstay
from mainstay.jobs import run_all
from mainstay.kernel import ids
from mainstay.mail.models import Mailbox
from tests.cast import PASSWORD, Cast
from tests.product import ROOT

SOURCES = [path for path in Path(mainstay.__file__).parent.rglob("*.py") if "migrations" not in path.parts]
TREES = {path: ast.parse(path.read_text()) for path in SOURCES}
LOCKS = [ROOT / "requirements" / name for name in ("base.txt", "dev.txt")]

FORGED = [
    "gASVHwAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOULg",
    "!!python/object:os.system",
    "e30:1abc:x",
    "\x80\x04",
    "{}",
    "a" * 4_000,
]
SIGNS = [";touch {0}", "$(touch {0})", "`touch {0}`", "|touch {0}", "&touch {0}", "\ntouch {0}", "-oProxyCommand=touch {0}", "--touch={0}"]


def imported() -> set[tuple[str, str]]:
    """Every module that ours import, with who does."""
    found = set()
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found |= {(alias.name, path.name) for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {(node.module, path.name)} | {(f"{node.module}.{alias.name}", path.name) for alias in node.names}
    return found


def calls() -> list[tuple[str, ast.Call, str]]:
    return [
        (ast.unparse(node.func), node, f"{path.name}:{node.lineno}")
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]


@pytest.mark.security("S-083")
def test_nothing_is_read_back_that_could_be_more_than_data() -> None:
    banned = re.compile(r"(pickle|cPickle|dill|marshal|shelve|yaml|jsonpickle|joblib|ruamel)(\.|$)|django\.core\.serializers")
    assert sorted(found for found in imported() if banned.match(found[0])) == []
    assert sorted(where for called, _, where in calls() if called in {"eval", "exec", "compile", "__import__", "pydoc.locate"}) == []
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"


@pytest.mark.security("S-083")
@pytest.mark.parametrize("forged", FORGED)
def test_a_cookie_or_an_address_of_somebodys_own_making_is_nothing(cast: Cast, forged: str) -> None:
    client = Client()
    for name in (settings.SESSION_COOKIE_NAME, "messages", "cases", "theme", settings.CSRF_COOKIE_NAME):
        client.cookies[name] = forged
    for path in ("/help/", "/account/sign-in", "/desk/", "/help/ask"):
        assert client.get(path).status_code in {200, 302}, path
    for path in (f"/help/case/{forged}", f"/help/thanks/{forged}", f"/join/{forged}", f"/desk/files/x/y?proof={forged}"):
        assert client.get(path).status_code in {302, 404}, path


@pytest.mark.security("S-065")
def test_whatever_must_not_be_guessed_comes_from_one_place_and_has_128_bits() -> None:
    """`kernel.ids` makes tokens; dice are for pauses and the demo's stories; no hash that is broken, no id made of a clock."""
    dice = {where for name, where in imported() if name == "random"}
    assert dice == {"execution.py", "seed.py", "play.py"}
    weak = {"hashlib.md5", "hashlib.sha1", "uuid.uuid1", "uuid.uuid3", "uuid.uuid5", "uuid.getnode", "random.SystemRandom", "crypt.crypt"}
    assert [where for called, _, where in calls() if called in weak] == []
    made = {where.partition(":")[0] for called, _, where in calls() if called.startswith("secrets.token_")}
    assert made == {"ids.py", "blobs.py", "environment.py", "open_case.py"}, "a token elsewhere? ids.token() is the place"
    assert all(len(ids.token()) * 4 == 128 for _ in range(100))


@pytest.mark.security("S-084")
def test_no_command_ever_goes_through_a_shell() -> None:
    shells = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "asyncio.create_subprocess_shell", "pty.spawn"}
    assert sorted(where for called, _, where in calls() if called in shells) == []
    for called, node, where in calls():
        assert not [word for word in node.keywords if word.arg == "shell"], where
        if called in {"subprocess.run", "subprocess.Popen", "subprocess.check_call", "subprocess.check_output"}:
            assert not isinstance(node.args[0], ast.JoinedStr | ast.Constant | ast.BinOp), f"{where}: a list of words, never a line"


@pytest.mark.security("S-084")
@pytest.mark.parametrize("sign", SIGNS)
def test_shell_signs_in_a_setting_start_nothing(house, as_, tmp_path: Path, sign: str) -> None:
    mark = tmp_path / "started"
    browser, typed = as_(house.ingrid), sign.format(mark)
    values = {"address": "support@journeyware.example", "team": house.support.pk, "port": "25", "security": "none", "password": PASSWORD}
    values |= {"host": typed, "user": typed, "name": typed, "is_active": "on"}
    assert browser.post(reverse("setup:mailbox", args=[house.mailbox.pk]), values).status_code in {303, 422}
    Mailbox.objects.update(host=typed[:255], port=25, security="none")
    assert browser.post(reverse("setup:mailbox_test", args=[house.mailbox.pk]), values).status_code in {200, 303, 422}
    house.case()
    run_all(raise_errors=False)
    assert not mark.exists()


@pytest.mark.security("S-097")
@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_is_pinned_by_version_and_hash_and_names_no_other_source(lock: Path) -> None:
    text = lock.read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[A-Za-z0-9._-]+(\[[^\]]*\])?==\S+", line), line[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line[:80]
    assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host|://|git\+|@ file", text)


@pytest.mark.security("S-097")
def test_what_is_installed_is_what_the_lock_says() -> None:
    scripts = [ROOT / "Makefile", *(path for path in (ROOT / "tools").iterdir() if path.suffix in {".py", ".sh"})]
    text = "".join(path.read_text() for path in scripts)
    asking = [line for line in text.splitlines() if re.search(r"\binstall\b.*(-r\b|requirements/)", line) and "apt" not in line]
    assert asking
    for line in asking:
        assert "--require-hashes" in line or "tools/install.py" in line, line
    assert "--require-hashes" in (ROOT / "tools" / "install.py").read_text()


@pytest.mark.security("S-097")
def test_every_file_that_was_fetched_is_the_one_that_was_looked_at() -> None:
    manifest = tomllib.loads((ROOT / "mainstay" / "ui" / "VENDOR.toml").read_text())
    files = [file for package in manifest["package"] for file in package["file"]]
    assert files
    for file in files:
        assert hashlib.sha256((ROOT / file["to"]).read_bytes()).hexdigest() == file["sha256"], file["to"]
    assert all(re.fullmatch(r"\d+(\.\d+)+\S*", package["version"]) and package["licence"] for package in manifest["package"])
