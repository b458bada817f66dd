"""Queues: lists of cases that stay live, with the case of your choice beside them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from mainstay.desk.beside import beside
from mainstay.desk.doors import page
from mainstay.ui.pages import respond


@page
def queue(request: HttpRequest, name: str) -> HttpResponse:
    """One of the built-in queues; asked for by its own live element, just the list and the counts."""
    number = request.GET.get("beside", "")
    current = int(number) if number.isascii() and number.isdigit() and len(number) == 9 else None
    context: dict[str, Any] = beside(request, name, current=current)
    return respond(request, page="desk/queue.html", fragments=["desk/_queue.html", "desk/_counts.html"], context=context)
