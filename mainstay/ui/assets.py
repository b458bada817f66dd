"""Which modules and icons there are, as found in the folder."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "static" / "ui" / "js"


@cache
def modules() -> list[tuple[str, str]]:
    """Our JavaScript modules as (name in the import map, path below static/), main first."""
    found = sorted(MODULES.glob("*.js"), key=lambda path: (path.stem != "main", path.stem))
    vendored = [("ui/vendor/markdown-toolbar", "markdown-toolbar-element.js"), ("ui/vendor/text-expander", "text-expander-element.js")]
    return [(f"ui/{path.stem}", f"ui/js/{path.name}") for path in found] + [(name, f"ui/vendor/{file}") for name, file in vendored]


@cache
def icons() -> frozenset[str]:
    """The names in the sprite."""
    return frozenset(tomllib.loads((HERE / "VENDOR.toml").read_text())["icons"])
