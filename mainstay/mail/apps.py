from django.apps import AppConfig


class Mail(AppConfig):
    name = "mainstay.mail"

    def ready(self) -> None:
        from mainstay.mail import checks

        checks.register()
