"""Kinds of channel: each app that carries words registers one, by the name that messages carry."""

from __future__ import annotations

from typing import Protocol

from mainstay.channels.models import Delivery
from mainstay.kernel.registry import Registry


class ChannelKind(Protocol):
    """What a channel can do for us."""

    label: str

    def send(self, delivery: Delivery) -> None:
        """Queue the job that carries this delivery; called inside the transaction that made it, so no network here."""


KINDS: Registry[ChannelKind] = Registry("channel kind")
