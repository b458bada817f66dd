"""Fetches the front-end files that Mainstay carries along, from their npm packages: `python -m mainstay.ui.vendor`.

VENDOR.toml names each package, its version and the sha256 of every file taken from it. A file that differs is refused,
so a changed package can't come in unseen; after raising a version on purpose, `--accept` writes the new sums down.
Users never need Node: the files are in the repository.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
MANIFEST = Path(__file__).resolve().parent / "VENDOR.toml"


def main(arguments: list[str]) -> int:
    manifest = tomllib.loads(MANIFEST.read_text())
    sums: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for package in manifest["package"]:
            fetch(package, manifest["icons"], Path(scratch), sums)
    changed = {path for path, digest in sums.items() if digest != recorded(manifest).get(path)}
    if changed and "--accept" not in arguments:
        print("These files are not what VENDOR.toml promises; nothing was accepted:", *sorted(changed), sep="\n  ")
        return 1
    MANIFEST.write_text(with_sums(MANIFEST.read_text(), sums))
    print(f"{len(sums)} files are in place.")
    return 0


def fetch(package: dict[str, Any], icons: list[str], scratch: Path, sums: dict[str, str]) -> None:
    """Unpacks one package and puts its files where VENDOR.toml wants them; `sums` gains a sha256 for each."""
    spec = f"{package['name']}@{package['version']}"
    told = subprocess.run(["npm", "pack", "--silent", spec], cwd=scratch, check=True, capture_output=True, text=True)  # noqa: S603, S607
    with tarfile.open(scratch / told.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(scratch / package["name"], filter="data")
    inside = scratch / package["name"] / "package"
    for file in package["file"]:
        content = sprite(inside / file["from"], icons, spec) if file.get("sprite") else (inside / file["from"]).read_bytes()
        content = re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", content)
        target = ROOT / file["to"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        sums[file["to"]] = hashlib.sha256(content).hexdigest()


def sprite(folder: Path, names: list[str], spec: str) -> bytes:
    """One SVG file with a symbol for each icon that Mainstay uses, and no other."""
    symbols = []
    for name in sorted(names):
        drawing = (folder / f"{name}.svg").read_text()
        shapes = re.findall(r"<(?:path|circle|rect|line|polyline|polygon|ellipse)\b[^>]*/>", drawing)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide icons, ISC licence, {spec} -->'
    return "\n".join([head, *symbols, "</svg>", ""]).encode()


def recorded(manifest: dict[str, Any]) -> dict[str, str]:
    """Path to sha256, as VENDOR.toml has it."""
    return {file["to"]: file["sha256"] for entry in [*manifest["package"], *manifest["local"]] for file in entry["file"]}


def with_sums(text: str, sums: dict[str, str]) -> str:
    """The manifest's text with the given sums; everything else, comments too, stays as it is."""
    return "".join(_lines_with_sums(text, sums))


def _lines_with_sums(text: str, sums: dict[str, str]) -> Iterator[str]:
    for line in text.splitlines(keepends=True):
        found = re.search(r'to = "([^"]+)"', line)
        yield re.sub(r'sha256 = "[^"]*"', f'sha256 = "{sums[found[1]]}"', line) if found and found[1] in sums else line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
