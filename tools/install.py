"""Installs a list of pinned packages into the environment that runs this, and says how far it is: `install.py PIP LIST`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

START = "\r" if sys.stdout.isatty() else ""
STEPS = ("Collecting ", "Processing ", "Requirement already satisfied", "Ignoring ")


def install(pip: str, listed: str) -> int:
    """Pip's exit code. What it wrote is shown only when it failed."""
    total = sum("==" in line for line in Path(listed).read_text().splitlines())
    options = ["--no-compile", "--disable-pip-version-check", "--progress-bar", "off", "--require-hashes", "-r", listed]
    command = [sys.executable, pip, "install", *options]
    written: list[str] = []
    done = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:  # noqa: S603 — our own command
        assert running.stdout is not None
        for line in running.stdout:
            written.append(line)
            if line.startswith(STEPS):
                done += 1
                show(done, total)
            elif line.startswith("Installing collected packages"):
                print(f"{START}  {total} of {total} packages, now putting them in place", flush=True)
    if running.returncode:
        sys.stdout.writelines(["\n", *written[-40:]])
    return running.returncode


def show(done: int, total: int) -> None:
    """One line that grows on a terminal, a line for each quarter elsewhere."""
    if sys.stdout.isatty():
        print(f"\r  {min(done, total)} of {total} packages", end="", flush=True)
    elif done % max(1, total // 4) == 0:
        print(f"  {min(done, total)} of {total} packages", flush=True)


if __name__ == "__main__":
    try:
        raise SystemExit(install(*sys.argv[1:3]))
    except KeyboardInterrupt:
        print("\nStopped before everything was installed; the next call goes on.")
        raise SystemExit(130) from None
