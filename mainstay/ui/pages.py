"""One way to answer: a whole page without htmx, the changed fragments with it, 303 after a plain form, 422 with the form for errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


def respond(
    request: HttpRequest,
    *,
    page: str,
    fragments: Sequence[str] = (),
    context: Mapping[str, Any] | None = None,
    status: int = 200,
    then: str | None = None,
) -> HttpResponse:
    """The answer to a page view or a form.

    `page` is the whole page's template and `fragments` the templates that changed, named like their element's id:
    `desk/case/_promises.html` is `<… id="promises">`. With htmx the first fragment goes into the element that asked and
    the others into their own; with no fragments the browser is sent to `then`. Without htmx a form that went well
    (status under 400) is answered with 303 to `then`, and everything else with the page. Say `status=422` for a form with errors.
    """
    asked = HtmxDetails(request)
    if asked and not asked.history_restore_request:
        response = _fragments(request, fragments, dict(context or {}), status, then) if fragments or then else None
    else:
        response = None
    if response is None and then is not None and request.method not in {"GET", "HEAD"} and status < 400:
        response = HttpResponseRedirect(then, status=303)
    if response is None:
        response = HttpResponse(render_to_string(page, dict(context or {}), request), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _fragments(request: HttpRequest, fragments: Sequence[str], context: dict[str, Any], status: int, then: str | None) -> HttpResponse:
    if not fragments:
        response = HttpResponse(status=200)
        response.headers["HX-Redirect"] = then or request.path
        return response
    first, *others = (render_to_string(name, context, request) for name in fragments)
    partials = [{"id": fragment_id(name), "html": html} for name, html in zip(fragments[1:], others, strict=True)]
    return HttpResponse(render_to_string("ui/fragments.html", {"first": first, "partials": partials}, request), status=status)


def fragment_id(name: str) -> str:
    """The id of the element that a fragment's template renders: desk/case/_known_answers.html is known-answers."""
    return PurePosixPath(name).stem.removeprefix("_").replace("_", "-")
