"""Pages for when something is not as it should be. Each says what happened and what to do, and shows nothing of the inside."""

from __future__ import annotations

import logging
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views.debug import SafeExceptionReporterFilter

from mainstay.kernel import ids

logger = logging.getLogger("mainstay.errors")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return too_large(request) if isinstance(exception, RequestDataTooBig) else _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's proof is missing or old: mostly a page left open over a sign-out. `reason` is for the log, not for the page."""
    logger.warning("a form was refused at %s: %s", request.path, reason)
    return _page(request, 403, "csrf")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 413)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 429)


def broken(request: HttpRequest) -> HttpResponse:
    """Something of ours broke. The page and the log carry the same id, and nothing else of the error is shown."""
    error_id = ids.token()[:8]
    logger.error("error %s at %s %s", error_id, request.method, request.path)
    return _page(request, 500, error_id=error_id)


def _page(request: HttpRequest, status: int, name: str = "", **context: Any) -> HttpResponse:
    template = f"ui/errors/{name or status}.html"
    try:
        body: str = render_to_string(template, context, request)
    except Exception:
        # The request's own processors may be what broke (no database, no session); the bare page needs none of them.
        logger.exception("the page for %s could not be rendered with its request", status)
        body = _bare(template, context)
    return HttpResponse(body, status=status)


def _bare(template: str, context: dict[str, Any]) -> str:
    """Never an error of its own, which every layer above would answer with this page once more."""
    try:
        return render_to_string(template, context)
    except Exception:
        logger.exception("the page %s could not be rendered at all", template)
        return gettext("Something of ours is broken. Please try again in a moment.")


class QuietReports(SafeExceptionReporterFilter):
    """An error report names variables, settings and fields, and shows no value of any: they hold people's words and secrets."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def cleanse_setting(self, key: str | int, value: Any) -> Any:
        return self.cleansed_substitute

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:
        return dict.fromkeys(request.COOKIES, self.cleansed_substitute)

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request is not None else {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        return dict.fromkeys(tb_frame.f_locals, self.cleansed_substitute).items()
