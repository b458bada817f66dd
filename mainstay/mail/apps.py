from django.apps import AppConfig


class Mail(AppConfig):
    name = "mainstay.mail"

    def ready(self) -> None:
        from mainstay.mail import access, checks, sealing

        assert access  # imported for the rules that it registers
        checks.register()
        sealing.register()
