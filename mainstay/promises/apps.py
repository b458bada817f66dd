from django.apps import AppConfig


class Promises(AppConfig):
    name = "mainstay.promises"
