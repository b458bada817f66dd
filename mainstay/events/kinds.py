"""Kinds of event: small frozen dataclasses that know their word and can be read back from a row of any age."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Self

from mainstay.kernel.registry import Registry

ENVELOPE = ("id", "at", "case", "actor", "organization")


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """Something that happened. A subclass sets `kind` ("case.resolved") and adds its own fields: ids and values,
    never a person's words, so that erasing a person never touches the log."""

    kind: ClassVar[str] = ""
    version: ClassVar[int] = 1

    case: int | None = None
    actor: int | None = None
    organization: int | None = None
    id: int = field(default=0, compare=False)
    at: datetime | None = field(default=None, compare=False)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.kind:
            KINDS.register(cls.kind, cls)

    def data(self) -> dict[str, Any]:
        """What goes into the row's JSON: the fields that are not columns of their own."""
        return {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.name not in ENVELOPE}

    @classmethod
    def read(cls, *, data: dict[str, Any], **envelope: Any) -> Self:
        """The event of a stored row. Fields that this version doesn't know are passed over, missing ones take their default."""
        known = {f.name for f in dataclasses.fields(cls)}
        return cls(**envelope, **{name: value for name, value in data.items() if name in known - set(ENVELOPE)})


KINDS: Registry[type[EventKind]] = Registry("event kind")
