from __future__ import annotations

import os

from django.apps import AppConfig


class Ticker(AppConfig):
    name = "tests.jobs.ticker"

    def ready(self) -> None:
        from mainstay.jobs.declare import rhythms

        mine = {"ticker"} if "MAINSTAY_TEST_TICKS" in os.environ else set()
        for name in list(rhythms):
            if name not in mine:
                del rhythms._entries[name]
