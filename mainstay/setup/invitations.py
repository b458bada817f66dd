"""Carrying an invitation's link to the invited by mail, where mail can leave."""

from __future__ import annotations

from mainstay.people.models import Person


def send_invitation(person: Person, link: str, *, by: Person) -> bool:
    """Mail the link when a mailbox can send; whether it was put on its way."""
    return False
