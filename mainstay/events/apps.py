from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class Events(AppConfig):
    name = "mainstay.events"

    def ready(self) -> None:
        from mainstay.events import triggers

        autodiscover_modules("events", "reactions", "timers", "kind")
        post_migrate.connect(lambda using, **_: triggers.install(using), sender=self, weak=False, dispatch_uid="append-only")
