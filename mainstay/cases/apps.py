from django.apps import AppConfig


class Cases(AppConfig):
    name = "mainstay.cases"

    def ready(self) -> None:
        from mainstay.cases import access  # noqa: F401 — registers its rules
