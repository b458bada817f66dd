"""The seeds of second steps and recovery codes lie in the database sealed, never in the clear (S-095)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext_lazy as _

from mainstay.kernel import secrets
from mainstay.kernel.secrets import Sealed

SEALED = ("secret", "seed")
"""The keys of a row's data under which a sealed value lies: of one-time codes, and of recovery codes."""


class Seeds(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth asks here before it stores a seed, when it needs one, and what to say of a wrong code."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code does not fit. It changes every 30 seconds; try the one that is shown now."),
    }

    def encrypt(self, text: str) -> str:
        return secrets.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.unseal(encrypted_text)


def stored() -> Iterator[Sealed]:
    from allauth.mfa.models import Authenticator

    for pk, data in Authenticator.objects.order_by("pk").values_list("pk", "data"):
        for key in SEALED:
            if key in data:
                yield Sealed(data[key], partial(_replace, pk, data, key))


def _replace(pk: int, data: dict[str, Any], key: str, value: str) -> None:
    """Only over what was read: a recovery code that is used at this moment stays used."""
    from allauth.mfa.models import Authenticator

    Authenticator.objects.filter(pk=pk, data=data).update(data={**data, key: value})
