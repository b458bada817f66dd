"""Small pages: one that asks the database, one that says what reached it, and one that takes its time."""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from mainstay.people.models import Person


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{Person.objects.count()} people")


def echo(request: HttpRequest) -> JsonResponse:
    headers = {name: value for name, value in request.META.items() if name.startswith("HTTP_")}
    return JsonResponse({"method": request.method, "size": len(request.read()), "path": request.path, "headers": headers})


def slow(request: HttpRequest) -> HttpResponse:
    time.sleep(2)
    return HttpResponse("done")


urlpatterns = [
    path("healthz", healthz),
    path("echo/<path:rest>", lambda request, rest: echo(request)),
    path("echo", echo),
    path("slow", slow),
]
