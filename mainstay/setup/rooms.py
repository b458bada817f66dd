"""What settings put into the shell: the room in the rail, and the line over every page when something stands still."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mainstay.kernel import health
from mainstay.people.access import agent_of, can
from mainstay.ui.rooms import Banner, Room, banners, rooms


def register() -> None:
    rooms.register("settings", Room(_("Settings"), "settings", "setup:overview", 90, ("/settings/", "/profile/"), is_open_to=_administers))
    banners.register("health", trouble)


def trouble(request: HttpRequest) -> Banner | None:
    """The first thing that stands still, for agents; customers read nothing of the inside."""
    if agent_of(request.user) is None:
        return None
    sentences = health.troubles()
    if not sentences:
        return None
    more = len(sentences) - 1
    text = sentences[0]
    if more:
        text += " " + ngettext("And %(more)d thing more stands still.", "And %(more)d things more stand still.", more) % {"more": more}
    return Banner(text, url="/settings/", link=_("Look")) if _administers(request) else Banner(text)


def _administers(request: HttpRequest) -> bool:
    return can(request.user, "change", "settings")
