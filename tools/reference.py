"""Writes docs/reference from the code: `python tools/reference.py`. A test compares, so the pages are never behind."""

from __future__ import annotations

import dataclasses
import os
import re
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"

SETTINGS = {
    "DATA": ("`var/` in the checkout", "The data folder: the embedded database, files, keys. Back it up as a whole."),
    "MAINSTAY_DEMO": ("no", "The demo: one-click sign-in, outgoing mail is kept. Set by `mainstay demo`; listens on 127.0.0.1 only."),
    "HTTP": ("127.0.0.1:8000", "Where the web process listens."),
    "SMTP": ("127.0.0.1:2525", "Where the mail listener listens."),
    "BASE_URL": (
        "http:// and HTTP",
        "The address that people use; links in mails begin with it. https:// switches on secure cookies and HSTS.",
    ),
    "ALLOWED_HOSTS": (
        "none",
        "Further host names, separated by commas, beside BASE_URL's and this machine's own. Requests for any other host are refused.",
    ),
    "TRUSTED_PROXIES": ("none", "Networks of the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."),
    "ALLOWED_NETWORKS": ("none", "Private networks that Mainstay may connect to (your SMTP server in 10.0.0.0/8, for example)."),
    "SECRET_KEY": ("made once in DATA", "Signs sessions and links; at least 32 characters. SECRET_KEY_FILE names a file instead."),
    "SECRET_KEY_FALLBACKS": (
        "none",
        "Earlier values of SECRET_KEY, separated by commas: sessions and links that they signed stay good. "
        "SECRET_KEY_FALLBACKS_FILE names a file instead, a key in each line.",
    ),
    "SECRETS_KEY": (
        "made once in DATA",
        "Encrypts mailbox passwords and second steps, and derives reply tokens. SECRETS_KEY_FILE names a file instead.",
    ),
    "SECRETS_KEY_FALLBACKS": (
        "none",
        "Earlier values of SECRETS_KEY, separated by commas: what they sealed can still be read. SECRETS_KEY_FALLBACKS_FILE names a "
        "file instead, a key in each line. `mainstay reseal` makes them needless.",
    ),
    "DATABASE_URL": ("SQLite in DATA", "postgresql://user:password@host/name, or sqlite:////path."),
    "LOG_LEVEL": ("INFO", "DEBUG, INFO, WARNING or ERROR. No message bodies are logged at any level."),
}


def pages() -> dict[str, str]:
    """File name → text of every generated page."""
    os.environ.setdefault("DATA", tempfile.mkdtemp())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.settings")
    import django

    django.setup()
    return {
        "settings.md": settings_page(),
        "events.md": events_page(),
        "reactions.md": reactions_page(),
        "commands.md": commands_page(),
        "quality.md": quality_page(),
    }


def asked_for() -> set[str]:
    """The variables that the settings file reads."""
    text = (ROOT / "mainstay" / "settings.py").read_text()
    return set(re.findall(r'env\.\w+\("([A-Z_]+)"', text)) | {"LOG_LEVEL"}


def settings_page() -> str:
    rows = "\n".join(f"| `{name}` | {default} | {meaning} |" for name, (default, meaning) in SETTINGS.items())
    return (
        "# Settings from the environment\n\nEverything else is on the settings pages. A wrong value stops the start with one sentence.\n\n"
        f"| variable | if unset | meaning |\n| --- | --- | --- |\n{rows}\n"
    )


def events_page() -> str:
    from mainstay.events.kinds import ENVELOPE, KINDS

    rows = []
    for kind, cls in KINDS.items():
        if not cls.__module__.startswith("mainstay."):
            continue
        fields = ", ".join(f"`{f.name}`" for f in dataclasses.fields(cls) if f.name not in ENVELOPE) or "–"
        said = (cls.__doc__ or "").strip()
        meaning = "" if said.startswith(f"{cls.__name__}(") else " ".join(said.split())
        rows.append(f"| `{kind}` | {cls.__module__.split('.')[1]} | {fields} | {meaning} |")
    return (
        "# Events\n\nOne line of the log each: id, moment, kind, version, case, actor, organization, and the kind's own fields.\n\n"
        "| kind | app | fields | |\n| --- | --- | --- | --- |\n" + "\n".join(rows) + "\n"
    )


def reactions_page() -> str:
    from mainstay.events.reacting import reaction_map

    rows = [
        f"| `{kind}` | {'<br>'.join(first) or '–'} | {'<br>'.join(then) or '–'} |"
        for kind, first, then in reaction_map()
        if not kind.startswith("kettle")
    ]
    return (
        "# Reactions\n\nWho reacts to what: at once, inside the verb's transaction, or after it, in a job.\n\n"
        "| event | at once | after |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"
    )


def commands_page() -> str:
    import importlib
    import pkgutil

    import mainstay.cli.commands as package

    rows = []
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        command = importlib.import_module(f"{package.__name__}.{module.name}")
        rows.append(f"| `mainstay {module.name.replace('_', '-')}` | {command.help} |")
    return (
        "# Commands\n\n`mainstay COMMAND --help` says more; `make run` puts the command into `.venv/bin`.\n\n"
        "| command | what it does |\n| --- | --- |\n" + "\n".join(rows) + "\n"
    )


IDS = [f"R-{n:02}" for n in (*range(1, 7), *range(10, 18), *range(20, 26), *range(30, 59), *range(60, 69), *range(70, 73))] + [
    f"S-{n:03}" for n in range(1, 103)
]


def quality_page() -> str:
    """The figures are written by hand above the mark, from what the four commands print; below it stand the tests by their ids."""
    mark = "<!-- below: written by tools/reference.py -->"
    by_hand = (REFERENCE / "quality.md").read_text().split(mark)[0]
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for identity in re.findall(r'mark\.(?:reliability|security)\("([RS]-\d+)"\)', path.read_text()):
            found.setdefault(identity, set()).add(str(path.relative_to(ROOT)))
    rows = [f"| {identity} | {'<br>'.join(sorted(found.get(identity, ()))) or 'not yet'} |" for identity in IDS]
    return f"{by_hand}{mark}\n\n## Tests by the ids of the promises\n\n| id | tests |\n| --- | --- |\n" + "\n".join(rows) + "\n"


if __name__ == "__main__":
    for file, text in pages().items():
        (REFERENCE / file).write_text(text)
        print(f"docs/reference/{file}")
