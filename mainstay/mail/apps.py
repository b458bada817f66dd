from django.apps import AppConfig


class Mail(AppConfig):
    name = "mainstay.mail"
