"""The documents are complete, and true."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def reference():
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools" / "reference.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["reference"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["settings.md", "events.md", "reactions.md", "commands.md", "quality.md"])
def test_a_generated_page_is_what_the_code_says_today(reference, page):
    assert (ROOT / "docs" / "reference" / page).read_text() == reference.pages()[page], "run: .venv/bin/python tools/reference.py"


def test_every_setting_is_explained(reference):
    assert set(reference.SETTINGS) == reference.asked_for()


@pytest.mark.parametrize("path", [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text()):
        assert (path.parent / target).exists(), target


def test_the_readme_fits_on_one_screen_and_names_both_commands():
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) <= 60
    assert "make run" in text
    assert "make test" in text


def test_decisions_say_why():
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        assert re.match(r"\d{4}-[a-z0-9-]+\.md$", path.name)
        assert len(path.read_text().split()) > 60
