"""A tiny desk for trying the shell in a real browser: no database, a list, a case with a composer, a form, a stream of hints."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from types import SimpleNamespace

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import include, path

from mainstay.kernel import markdown
from mainstay.ui.pages import respond
from mainstay.ui.toasts import toast


@dataclass
class World:
    """What the browser did, and what the server shall do next."""

    count: int = 0
    draft_status: int = 204
    drafts: list[str] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)
    streams: list[queue.Queue[str]] = field(default_factory=list)

    def hint(self, topic: str) -> None:
        for stream in self.streams:
            stream.put(topic)


world = World()


class Mailbox(forms.Form):
    name = forms.CharField()
    address = forms.EmailField()


def context() -> dict[str, object]:
    row = SimpleNamespace(url="/trial/case", number=204118337, severity=2, severity_name="High", who="Luis Almeida", subject="Overtime")
    people = [SimpleNamespace(value="1", name="Luis Almeida", address="luis@harbor.example", selected=True)]
    return {"row": row, "count": world.count, "people": people, "key": f"case-after-{len(world.sent)}"}


def trial_list(request: HttpRequest) -> HttpResponse:
    return respond(request, page="trial/list.html", fragments=["trial/_queue.html"], context=context())


def case(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        world.sent.append(request.POST.dict())
        toast(request, "Sent to Luis", undo="/trial/list", seconds=10)
        return respond(request, page="trial/case.html", context=context(), then="/trial/case")
    return respond(request, page="trial/case.html", fragments=["trial/_case.html"], context=context())


def settings_form(request: HttpRequest) -> HttpResponse:
    form = Mailbox(request.POST or None)
    if request.method == "POST" and form.is_valid():
        toast(request, "Saved")
        both = ["trial/_mailbox.html", "trial/_side.html"]
        return respond(
            request, page="trial/settings.html", fragments=both, context={"form": form, "side": "changed"}, then="/trial/settings"
        )
    status = 422 if request.method == "POST" else 200
    return respond(
        request, page="trial/settings.html", fragments=["trial/_mailbox.html"], context={"form": form, "side": "as it was"}, status=status
    )


def draft(request: HttpRequest) -> HttpResponse:
    world.drafts.append(request.POST["text"])
    return HttpResponse(status=world.draft_status)


def preview(request: HttpRequest) -> HttpResponse:
    return HttpResponse(markdown.render(request.POST["text"], pictures=False))


def upload(request: HttpRequest) -> HttpResponse:
    file = request.FILES["file"]
    return JsonResponse({"id": 7, "name": file.name, "size": file.size, "url": "cid:shot@mainstay", "picture": True}, status=201)


def events(request: HttpRequest) -> StreamingHttpResponse:
    mine: queue.Queue[str] = queue.Queue()
    world.streams.append(mine)

    def stream() -> Iterator[str]:
        yield ": here\n\n"
        # A page that has long gone is written to no more.
        with suppress(queue.Empty):
            while True:
                yield f"data: {mine.get(timeout=30)}\n\n"

    return StreamingHttpResponse(stream(), content_type="text/event-stream")


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("secret words of a person")


def database_is_away(request: HttpRequest) -> dict[str, object]:
    raise OSError("the database is away")


urlpatterns = [
    path("", include("mainstay.ui.urls")),
    path("account/", include("mainstay.ui.sign_in_urls")),
    path("events", events),
    path("trial/list", trial_list),
    path("trial/case", case),
    path("trial/settings", settings_form),
    path("trial/draft", draft),
    path("trial/preview", preview),
    path("trial/upload", upload),
    path("trial/broken", broken),
]

handler400 = "mainstay.ui.errors.bad_request"
handler403 = "mainstay.ui.errors.forbidden"
handler404 = "mainstay.ui.errors.not_found"
handler500 = "mainstay.ui.errors.broken"
