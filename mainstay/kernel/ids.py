"""Numbers and tokens that can't be guessed from one another."""

from __future__ import annotations

import hashlib
import hmac
import secrets

LOWEST, HIGHEST = 100_000_000, 999_999_999
_SPAN = HIGHEST - LOWEST + 1
_HALF_BITS = 15
_MASK = (1 << _HALF_BITS) - 1


def token() -> str:
    """128 secret bits as 32 lower-case hexadecimal digits: mail systems fold the case of addresses, so no letters differ by it."""
    return secrets.token_hex(16)


def digest(value: str) -> str:
    """What is stored of a token: it can be found by, and not be read back."""
    return hashlib.sha256(value.encode()).hexdigest()


def case_number(counter: int, key: bytes) -> int:
    """The counter's place in a keyed permutation of all nine-digit numbers whose first digit is not 0.

    A four-round balanced Feistel network over 30 bits (Luby and Rackoff, 1988), walked until it lands inside the span
    (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002). Raises ValueError past the last number.
    """
    if not 0 <= counter < _SPAN:
        raise ValueError("the case counter has left the nine digits")
    value = counter
    while True:
        value = _permute(value, key)
        if value < _SPAN:
            return LOWEST + value


def _permute(value: int, key: bytes) -> int:
    left, right = value >> _HALF_BITS, value & _MASK
    for step in range(4):
        mixed = hmac.digest(key, bytes([step]) + right.to_bytes(2, "big"), "sha256")
        left, right = right, left ^ (int.from_bytes(mixed[:2], "big") & _MASK)
    return left << _HALF_BITS | right
