"""The addresses of the help pages, under /help/."""

from __future__ import annotations

from django.urls import path

from mainstay.portal.views import ask, case, home

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("ask", ask.ask, name="ask"),
    path("thanks/<str:said>", ask.thanks, name="thanks"),
    path("case/<str:token>", case.case, name="case"),
    path("case/<str:token>/file/<str:key>", case.file, name="file"),
    path("forget", home.forget, name="forget"),
]
