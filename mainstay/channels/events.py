"""What happens on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mainstay.events import EventKind


@dataclass(frozen=True, kw_only=True)
class DeliverySent(EventKind):
    kind: ClassVar[str] = "delivery.sent"
    delivery: int


@dataclass(frozen=True, kw_only=True)
class DeliveryFailed(EventKind):
    """It will not be tried again by itself."""

    kind: ClassVar[str] = "delivery.failed"
    delivery: int


@dataclass(frozen=True, kw_only=True)
class DeliveryUncertain(EventKind):
    """The other side may have it, or not: the connection broke after the last byte (P-07)."""

    kind: ClassVar[str] = "delivery.uncertain"
    delivery: int


@dataclass(frozen=True, kw_only=True)
class DeliveryBounced(EventKind):
    kind: ClassVar[str] = "delivery.bounced"
    delivery: int
    permanent: bool


@dataclass(frozen=True, kw_only=True)
class DeliveryRetried(EventKind):
    """Somebody asked to send it again."""

    kind: ClassVar[str] = "delivery.retried"
    delivery: int
