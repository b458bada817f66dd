from django.apps import AppConfig


class Setup(AppConfig):
    name = "mainstay.setup"
