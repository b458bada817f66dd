"""What every template knows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from mainstay.ui.rooms import Shell

THEMES = {"light", "dark"}


def shell(request: HttpRequest) -> dict[str, object]:
    """The shell around the page: version, demo flag, theme, and (asked for lazily) rooms, the current one, and banners."""
    theme = request.COOKIES.get("theme", "")
    return {"shell": Shell(request, settings.VERSION, settings.DEMO, theme if theme in THEMES else "")}
