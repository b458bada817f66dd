from __future__ import annotations

from django.apps import AppConfig


class Realtime(AppConfig):
    name = "mainstay.realtime"
