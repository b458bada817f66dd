"""Which addresses are ours, and what stands in them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from mainstay.kernel import ids
from mainstay.kernel.compiled import Compiled
from mainstay.mail.guard import OwnAddresses
from mainstay.mail.models import Mailbox
from mainstay.people.queries import normal_email

FRESH_FOR = 3.0
TOKEN = re.compile(r"[0-9a-f]{32}\Z")
_ACTIVE = Compiled(lambda: Mailbox.objects.filter(is_active=True).only("pk", "address", "aliases").order_by("pk"))


@dataclass(frozen=True)
class Place:
    """Where a recipient leads: one of our mailboxes, with the reply token that the address carries, or none."""

    mailbox: int
    recipient: str
    token: str = ""


class Directory:
    """Our addresses as they stood a moment ago: read anew when they are older than a few seconds."""

    def __init__(self, fresh_for: float = FRESH_FOR) -> None:
        self._fresh_for = fresh_for
        self._read_at = 0.0
        self._mailboxes: dict[str, int] = {}

    def refresh(self) -> None:
        """Read the addresses when it is time to; one query."""
        if self._read_at and time.monotonic() - self._read_at < self._fresh_for:
            return
        found: dict[str, int] = {}
        for mailbox in _ACTIVE():
            for own in mailbox.addresses:
                found.setdefault(own, mailbox.pk)
        self._mailboxes = found
        self._read_at = time.monotonic()

    def place(self, recipient: str) -> Place | None:
        """Where mail for this address goes, or None when the address is not ours. A part behind "+" has to be a reply token:
        any other such address would let strangers have other companies' mails delivered into their own case (S-035)."""
        self.refresh()
        address = normal_email(recipient)
        if address in self._mailboxes:
            return Place(self._mailboxes[address], recipient)
        plain, token = split(recipient)
        if token and normal_email(plain) in self._mailboxes:
            return Place(self._mailboxes[normal_email(plain)], recipient, token)
        return None

    def own(self) -> OwnAddresses:
        """What the guard has to know of us."""
        self.refresh()
        hosts = (settings.MESSAGE_ID_HOST, *settings.EARLIER_MESSAGE_ID_HOSTS)
        instances = {instance(key) for key in (settings.SECRETS_KEY, *settings.SECRETS_KEY_FALLBACKS)}
        return OwnAddresses(frozenset(self._mailboxes), frozenset(instances), tuple(f"@{host}" for host in hosts))

    def is_own(self, address: str) -> bool:
        """Whether this is a mailbox of ours, with or without anything behind a "+"."""
        self.refresh()
        local, at, domain = normal_email(address).rpartition("@")
        return f"{local}{at}{domain}" in self._mailboxes or f"{local.partition('+')[0]}{at}{domain}" in self._mailboxes


def split(address: str) -> tuple[str, str]:
    """An address without its reply token, and the token: exact length, lower case, nothing else behind the "+" (S-028)."""
    local, at, domain = address.strip().rpartition("@")
    name, plus, token = local.rpartition("+")
    if plus and TOKEN.match(token):
        return f"{name}{at}{domain}", token
    return address, ""


def with_token(address: str, token: str) -> str:
    """support@example.com as support+token@example.com."""
    local, at, domain = address.rpartition("@")
    return f"{local}+{token}{at}{domain}"


def tokens_in(addresses: Iterable[str], directory: Directory) -> list[str]:
    """The reply tokens in those of the addresses that are ours, in their order."""
    places = (directory.place(address) for address in addresses)
    return list(dict.fromkeys(place.token for place in places if place is not None and place.token))


def instance(key: str = "") -> str:
    """This installation's own id, as it stands in the X-Loop of what we send, and nobody else's: under today's key, or an earlier one."""
    return f"mainstay-{ids.digest(f'instance:{key or settings.SECRETS_KEY}')[:20]}"
