"""Contrast, budgets, and what templates and scripts may not hold. WCAG 2.2: 1.4.3 text 4.5:1, 1.4.11 edges 3:1."""

from __future__ import annotations

import gzip
import hashlib
import re
import tomllib
from itertools import product
from pathlib import Path

import pytest

from mainstay.ui import assets, sheet, vendor

UI = Path(sheet.__file__).parent
STATIC = UI / "static" / "ui"
GROUNDS = ["canvas", "surface", "raised", "sunken"]
TEXTS = ["ink", "ink-2", "ink-3", "accent", "brass", "good", "bad"]
PAIRS = [
    *product(TEXTS, GROUNDS),
    *product(["ink", "ink-2", "ink-3", "accent", "bad"], ["note-wash", "accent-wash"]),
    *[(name, f"{name}-wash") for name in ("accent", "brass", "good", "bad")],
    *product(["ink", "ink-2"], ["brass-wash", "good-wash", "bad-wash", "chip"]),
    ("brass", "note-wash"),
    ("brass", "accent-wash"),
    ("good", "accent-wash"),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"),
    ("bad-ink", "bad"),
    ("night-ink", "night"),
    ("accent-strong", "surface"),
]
EDGES = [
    *product(["edge"], GROUNDS),
    *product(["accent"], GROUNDS),
    *product([f"sev-{level}" for level in range(1, 6)], [*GROUNDS, "accent-wash"]),
]
EDGES += [("night-brass", "night"), ("brass", "note-wash")]


def tokens() -> dict[str, tuple[str, str]]:
    """Each colour's light and dark value."""
    text = (STATIC / "css" / "tokens.css").read_text()
    both = re.findall(r"--([\w-]+):\s*light-dark\((#\w{6}), (#\w{6})\);", text)
    one = re.findall(r"--([\w-]+):\s*(#\w{6});", text)
    return {**{name: (light, dark) for name, light, dark in both}, **{name: (value, value) for name, value in one}}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_everybody_can_read_it_by_day_and_by_night(text: str, ground: str) -> None:
    known = tokens()
    for theme in (0, 1):
        assert contrast(known[text][theme], known[ground][theme]) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_everybody_can_see_where_a_control_ends(edge: str, ground: str) -> None:
    known = tokens()
    for theme in (0, 1):
        assert contrast(known[edge][theme], known[ground][theme]) >= 3


def test_the_joined_style_sheet_is_made_from_its_sources() -> None:
    assert sheet.JOINED.read_text() == sheet.joined(), "run `python -m mainstay.ui.sheet`"


def test_every_part_has_its_style_sheet_and_the_other_way_round() -> None:
    parts = {path.stem for path in (UI / "templates" / "ui" / "parts").glob("*.html")}
    sheets = {path.stem for path in (STATIC / "css" / "parts").glob("*.css")}
    assert sheets - parts == {"live"}, "a script makes live's element; every other sheet belongs to a template"
    assert parts - sheets == {"toasts", "when"}, "these two have no look of their own"


def test_style_stays_small() -> None:
    assert sum(path.stat().st_size for path in sheet.sources()) <= 60_000


def test_scripts_stay_small() -> None:
    assert sum(len(path.read_text().splitlines()) for path in assets.MODULES.glob("*.js")) <= 1500


def test_the_first_page_is_light() -> None:
    """A case with its composer, which loads the most; the text expander is loaded by nobody yet."""
    vendored = [STATIC / "vendor" / name for name in ("htmx.min.js", "hx-csp.min.js", "markdown-toolbar-element.js", "icons.svg")]
    files = [sheet.JOINED, *assets.MODULES.glob("*.js"), *vendored, STATIC / "mark.svg"]
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) <= 55_000


def test_vendored_files_are_what_their_packages_held() -> None:
    for path, digest in vendor.recorded(tomllib.loads(vendor.MANIFEST.read_text())).items():
        assert hashlib.sha256((vendor.ROOT / path).read_bytes()).hexdigest() == digest, path


def test_nothing_is_vendored_without_a_line_about_it() -> None:
    known = vendor.recorded(tomllib.loads(vendor.MANIFEST.read_text()))
    assert {str(path.relative_to(vendor.ROOT)) for path in (STATIC / "vendor").iterdir()} <= known.keys()


@pytest.mark.security("S-098")
@pytest.mark.parametrize("path", sorted((UI / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_templates_hold_nothing_inline(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on|\|safe\b|autoescape off", text)
    assert all("nonce=" in tag or "text/html" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.security("S-006")
@pytest.mark.parametrize("path", sorted(assets.MODULES.glob("*.js")), ids=lambda path: path.name)
def test_scripts_never_parse_html_from_words(path: Path) -> None:
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTMLUnsafe|DOMParser|\beval\(|new Function", path.read_text()
    )


def test_logical_properties_let_the_page_turn_round() -> None:
    sides = r"(?<![\w-])(?:margin|padding|border|inset)-(?:left|right|top|bottom)\b"
    physical = re.compile(sides + r"|(?<![\w-])(?:left|right|top|bottom|width|height):|text-align: (?:left|right)")
    for path in sheet.sources():
        assert not physical.search(path.read_text()), path.name
