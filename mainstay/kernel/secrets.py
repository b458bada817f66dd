"""Secrets that have to be read back, such as a mailbox's password: encrypted with a key that is never in the database."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from mainstay.kernel.registry import Registry

_PURPOSE = b"mainstay: secrets in the database"


class Unreadable(Exception):  # noqa: N818
    """The secret was sealed under another key (a database that was moved without its SECRETS_KEY), or was altered."""


@dataclass(frozen=True)
class Sealed:
    """A sealed value where it is stored; `replace` puts another there, unless the stored one changed meanwhile."""

    value: str
    replace: Callable[[str], object]


STORED: Registry[Callable[[], Iterable[Sealed]]] = Registry("store of sealed secrets")
"""Where sealed values lie, by the name that the operator reads. What has to be read for longer than a few days belongs here."""


@dataclass
class Standing:
    """How many of a store's values are sealed under today's key, under an earlier one, and under none that we have."""

    today: int = 0
    earlier: int = 0
    lost: int = 0


def seal(text: str) -> str:
    """Encrypt and authenticate (Fernet: AES-128-CBC with HMAC-SHA-256). Sealing the same text twice gives two values."""
    return _today().encrypt(text.encode()).decode()


def unseal(value: str) -> str:
    """The text that was sealed under today's key or one of SECRETS_KEY_FALLBACKS. Raises `Unreadable`."""
    keys = MultiFernet([_today(), *(Fernet(_derive(key)) for key in settings.SECRETS_KEY_FALLBACKS)])
    try:
        return keys.decrypt(value.encode()).decode()
    except InvalidToken:
        raise Unreadable("sealed under another key") from None


def standing(*, reseal: bool = False) -> dict[str, Standing]:
    """What every store holds, by its name. With `reseal`, each value under an earlier key is first replaced by one under today's."""
    found: dict[str, Standing] = {}
    for name, stored in STORED.items():
        counts = found[name] = Standing()
        for sealed in stored():
            if _is_of_today(sealed.value):
                counts.today += 1
                continue
            try:
                text = unseal(sealed.value)
            except Unreadable:
                counts.lost += 1
                continue
            counts.earlier += 1
            if reseal:
                sealed.replace(seal(text))
    return found


def _is_of_today(value: str) -> bool:
    try:
        _today().decrypt(value.encode())
    except InvalidToken:
        return False
    return True


def _today() -> Fernet:
    return Fernet(_derive(settings.SECRETS_KEY))


def _derive(key: str) -> bytes:
    """HKDF-SHA-256 (RFC 5869), bound to this purpose: reply tokens come from the same key by another way."""
    return base64.urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(key.encode()))
