"""Secrets that have to be read back, such as a mailbox's password: encrypted with a key that is never in the database."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"mainstay: secrets in the database"


class Unreadable(Exception):  # noqa: N818
    """The secret was sealed under another key (a database that was moved without its SECRETS_KEY), or was altered."""


def seal(text: str) -> str:
    """Encrypt and authenticate (Fernet: AES-128-CBC with HMAC-SHA-256). Sealing the same text twice gives two values."""
    return _keys().encrypt(text.encode()).decode()


def unseal(value: str) -> str:
    """The text that was sealed under today's key or one of the earlier ones. Raises `Unreadable`."""
    try:
        return _keys().decrypt(value.encode()).decode()
    except InvalidToken:
        raise Unreadable("sealed under another key") from None


def _keys() -> MultiFernet:
    """Today's key first, then those that SECRETS_KEY_FALLBACKS still names: what they sealed stays readable after a change."""
    earlier: Sequence[str] = getattr(settings, "SECRETS_KEY_FALLBACKS", ())
    return MultiFernet([Fernet(_derive(key)) for key in (settings.SECRETS_KEY, *earlier)])


def _derive(key: str) -> bytes:
    """HKDF-SHA-256 (RFC 5869), bound to this purpose: reply tokens come from the same key by another way."""
    return base64.urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(key.encode()))
