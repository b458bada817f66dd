"""Reads the operator's settings from the environment. A wrong one stops the start with one plain sentence."""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Refusal(SystemExit):
    """A setting that Mainstay will not start with; its text is one sentence for the operator."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"Mainstay does not start: {sentence}")


class Environment:
    """The environment's variables, read as what they should be."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables

    def refuse(self, sentence: str) -> NoReturn:
        raise Refusal(sentence)

    def word(self, name: str, default: str) -> str:
        return self.variables.get(name, "").strip() or default

    def flag(self, name: str) -> bool:
        value = self.word(name, "no").lower()
        if value not in {"yes", "no", "1", "0", "true", "false", "on", "off"}:
            self.refuse(f"{name} is {value!r}, but it has to be yes or no.")
        return value in {"yes", "1", "true", "on"}

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.word(name, "").split(",") if word.strip()]

    def folder(self, name: str, default: Path) -> Path:
        path = Path(self.word(name, str(default))).expanduser().absolute()
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            self.refuse(f"{name} is {path}, and that folder can't be made: {error.strerror}.")
        if not os.access(path, os.W_OK):
            self.refuse(f"{name} is {path}, and nothing can be written there.")
        return path

    def address(self, name: str, default: str) -> tuple[str, int]:
        value = self.word(name, default)
        host, _, port = value.rpartition(":")
        if not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65536:
            self.refuse(f"{name} is {value!r}, but it has to be a host and a port, such as {default}.")
        return host.strip("[]") or "127.0.0.1", int(port)

    def url(self, name: str, default: str) -> str:
        value = self.word(name, default).rstrip("/")
        parts = _split(value)
        if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
            self.refuse(f"{name} is {value!r}, but it has to be an address such as https://help.example.com.")
        return value

    def hosts(self, name: str, base_url: str) -> list[str]:
        """The names that people use, and this machine's own, by which whoever watches over it asks /healthz. No link is made from
        the name that a request carries, so the second open nothing."""
        own = urlsplit(base_url).hostname or ""
        named = [own] if own else []
        return list(dict.fromkeys([*named, *self.words(name), "127.0.0.1", "localhost", "[::1]"]))

    def message_host(self, base_url: str, secret: str) -> str:
        """The right side of our Message-IDs (RFC 5322, 3.6.4): a name, also where the installation has only an address; then one that
        no other installation has, since by it we know our own mails when they come back."""
        host = urlsplit(base_url).hostname or ""
        if re.search(r"[a-z]", host) and "." in host:
            return host
        return f"{hashlib.sha256(f'message host:{secret}'.encode()).hexdigest()[:12]}.mainstay.invalid"

    def networks(self, name: str) -> list[Network]:
        found = []
        for word in self.words(name):
            try:
                found.append(ipaddress.ip_network(word, strict=False))
            except ValueError:
                self.refuse(f"{name} names {word!r}, which is no network such as 10.0.0.0/8.")
        return found

    def secret(self, name: str, path: Path) -> str:
        """From the variable, else from the file that NAME_FILE names, else from a file made once in the data folder."""
        value = self.word(name, "")
        named = self.word(f"{name}_FILE", "")
        if not value and named and not Path(named).is_file():
            self.refuse(f"{name}_FILE names {named}, and there is no such file.")
        if not value:
            kept = Path(named) if named else path
            try:
                value = _kept_secret(kept)
            except (OSError, UnicodeDecodeError):
                self.refuse(f"{name} stands in {kept}, and that file can't be read.")
        if len(value) < 32:
            self.refuse(f"{name} is shorter than 32 characters.")
        return value

    def earlier_secrets(self, name: str) -> list[str]:
        """Keys that still open what they sealed or signed: from the variable, with commas, or from NAME_FILE, one in a line."""
        keys = self.words(name)
        named = self.word(f"{name}_FILE", "")
        if not keys and named:
            try:
                keys = Path(named).read_text().split()
            except (OSError, UnicodeDecodeError):
                self.refuse(f"{name}_FILE names {named}, and that file can't be read.")
        if any(len(key) < 32 for key in keys):
            self.refuse(f"{name} holds a key that is shorter than 32 characters.")
        return keys

    def demo_is_exposed(self, demo: bool, host: str) -> bool:
        return demo and host not in {"127.0.0.1", "::1", "localhost"}

    def database(self, name: str, default: Path) -> dict[str, Any]:
        value = self.word(name, "")
        if not value:
            return sqlite(default)
        parts = _split(value)
        if parts is not None and parts.scheme == "sqlite":
            return sqlite(Path(unquote(parts.path)))
        if parts is None or parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
            # Not the value itself: a password may stand in it.
            self.refuse(f"{name} has to be like postgresql://user:password@host:5432/name, or sqlite:////path.")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": self._driver(name, parts.query),
        }

    def _driver(self, name: str, query: str) -> dict[str, Any]:
        """What stands behind the question mark, for the driver. Statements are prepared, because planning them costs as much as answering
        them; `prepared=no` is for a pooler that gives each transaction another connection."""
        options: dict[str, Any] = dict(parse_qsl(query))
        prepared = options.pop("prepared", "yes")
        if prepared not in {"yes", "no"}:
            self.refuse(f"{name} ends with prepared={prepared}; it has to be yes or no.")
        return options | ({"server_side_binding": True, "prepare_threshold": 2} if prepared == "yes" else {})

    def content_security_policy(self) -> dict[str, Any]:
        from csp.constants import NONCE, NONE, SELF

        return {
            "DIRECTIVES": {
                "default-src": [NONE],
                "script-src": [SELF, NONCE],
                "style-src": [SELF, NONCE],
                "img-src": [SELF],
                "font-src": [SELF],
                "connect-src": [SELF],
                "form-action": [SELF],
                "frame-src": [SELF],
                "manifest-src": [SELF],
                "frame-ancestors": [NONE],
                "base-uri": [NONE],
                "object-src": [NONE],
                "require-trusted-types-for": ["'script'"],
            }
        }

    def logging(self) -> dict[str, Any]:
        level = self.word("LOG_LEVEL", "INFO").upper()
        if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            self.refuse(f"LOG_LEVEL is {level!r}; it has to be DEBUG, INFO, WARNING or ERROR.")
        return {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": {"()": "mainstay.kernel.logs.OneLine", "secret_paths": ["/help/case/", "/join/"]}},
            "filters": {"answers": {"()": "mainstay.kernel.logs.Answers"}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                "django.db.backends": {"level": "INFO"},
                "django.request": {"filters": ["answers"]},
                "mail.log": {"level": "WARNING"},
            },
        }


def sqlite(path: Path) -> dict[str, Any]:
    """Durable first: a commit is on the disk before it is acknowledged (WAL alone would not promise that)."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
            ),
        },
        "TEST": {"NAME": f"{path}.test"},
    }


def _split(value: str) -> SplitResult | None:
    """An address in its parts; None for one that has none, also where its port is no number."""
    try:
        parts = urlsplit(value)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None


def _kept_secret(path: Path) -> str:
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        # A link, not a rename: two processes that start at once must agree on the first one's secret.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()
