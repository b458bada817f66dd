from __future__ import annotations

from django.apps import AppConfig


class Desk(AppConfig):
    name = "mainstay.desk"

    def ready(self) -> None:
        from mainstay.desk import room  # noqa: F401 — puts the desk into the rail
