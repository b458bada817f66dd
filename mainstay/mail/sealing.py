"""Where mail keeps sealed secrets: the mailboxes' passwords."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from mainstay.kernel.secrets import STORED, Sealed
from mainstay.mail.models import Mailbox


def register() -> None:
    STORED.register("mailbox passwords", stored)


def stored() -> Iterator[Sealed]:
    for pk, value in Mailbox.objects.exclude(password="").order_by("pk").values_list("pk", "password"):
        yield Sealed(value, partial(_replace, pk, value))


def _replace(pk: int, before: str, value: str) -> None:
    Mailbox.objects.filter(pk=pk, password=before).update(password=value)
