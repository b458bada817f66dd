"""Short words after an act, with an undo where there is one."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest


class Carrier(CookieStorage):
    """Django's own, in a cookie that is bound to this host like our other ones."""

    cookie_name = f"{settings.PREFIX}messages"


@dataclass(frozen=True)
class Toast:
    text: str
    is_bad: bool = False
    undo: str = ""
    view: str = ""
    seconds: int = 0


def toast(request: HttpRequest, text: str, *, undo: str = "", view: str = "", seconds: int = 0, bad: bool = False) -> None:
    """Say `text` on the next page or fragment that this person sees.

    `undo` is an address that takes a POST and undoes the act; `seconds` is how long that is possible (0: no countdown);
    `view` is where the result can be seen. Words that matter later don't belong here: a toast goes away.
    """
    told = json.dumps({"undo": undo, "view": view, "seconds": seconds})
    messages.add_message(request, messages.ERROR if bad else messages.SUCCESS, text, extra_tags=told)


def toast_of(message: Message) -> Toast:
    try:
        told = json.loads(message.extra_tags or "{}")
    except ValueError:
        told = {}  # some other package's message, whose tags are words
    is_bad = message.level >= messages.ERROR
    return Toast(str(message.message), is_bad, told.get("undo", ""), told.get("view", ""), told.get("seconds", 0))
