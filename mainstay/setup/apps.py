from __future__ import annotations

from django.apps import AppConfig


class Setup(AppConfig):
    name = "mainstay.setup"

    def ready(self) -> None:
        from mainstay.setup import access, health, rooms

        health.register()
        rooms.register()
        assert access
