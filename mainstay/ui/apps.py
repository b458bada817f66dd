from __future__ import annotations

from django.apps import AppConfig


class Ui(AppConfig):
    name = "mainstay.ui"

    def ready(self) -> None:
        from mainstay.kernel.secrets import STORED
        from mainstay.ui import sealing

        STORED.register("second steps", sealing.stored)
