"""The desk's place in the rail."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mainstay.people.access import can
from mainstay.ui.rooms import Room, rooms


def is_open_to(request: HttpRequest) -> bool:
    return can(request.user, "see", "desk")


rooms.register("desk", Room(_("Desk"), "inbox", "desk:next", 10, ("/desk/",), key="g d", is_open_to=is_open_to))
