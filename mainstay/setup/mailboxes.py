"""Whose address is whose: an address that we answer can't be the address of somebody who is answered (R-37)."""

from __future__ import annotations

from mainstay.mail.models import Mailbox
from mainstay.people.queries import normal_email


def is_ours(email: str) -> bool:
    """Whether mail to this address comes to one of our mailboxes, used or not. There are few, so they are read whole."""
    return normal_email(email) in {address for mailbox in Mailbox.objects.all() for address in mailbox.addresses}
