"""What the shell offers to the doors above it: rooms in the rail, banners over the page. They register, ui knows none by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, cached_property

from mainstay.kernel.registry import Registry

Words = str | Promise


@dataclass(frozen=True)
class Room:
    """A room of the house. `paths` are the beginnings of addresses that lie in it; the longest one that fits wins."""

    label: Words
    icon: str
    url_name: str
    order: int
    paths: tuple[str, ...]
    key: str = ""
    is_open_to: Callable[[HttpRequest], bool] = lambda request: True

    @cached_property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True)
class Banner:
    """One line over every page of the desk until its cause is gone. `kind`: brass, bad, good or info."""

    text: Words
    kind: str = "brass"
    url: str = ""
    link: Words = ""


rooms: Registry[Room] = Registry("room")
banners: Registry[Callable[[HttpRequest], Banner | None]] = Registry("banner")


@dataclass
class Shell:
    """What the layouts show around a page. Asked for lazily, so that an error page needs no database."""

    request: HttpRequest
    version: str
    demo: bool
    theme: str

    @cached_property
    def rooms(self) -> list[Room]:
        return sorted((room for _, room in rooms.items() if room.is_open_to(self.request)), key=lambda room: room.order)

    @cached_property
    def room(self) -> Room | None:
        lengths = {len(path): room for room in self.rooms for path in room.paths if self.request.path.startswith(path)}
        return lengths[max(lengths)] if lengths else None

    @cached_property
    def banners(self) -> list[Banner]:
        return [banner for _, told in banners.items() if (banner := told(self.request))]
