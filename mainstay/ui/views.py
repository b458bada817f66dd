"""The two small things that belong to the shell itself: how it looks, and what Markdown will look like."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from mainstay.kernel import markdown
from mainstay.ui.context import THEMES

YEAR = 365 * 24 * 3600
PREVIEW_LIMIT = 200_000


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the system says; kept in this browser only."""
    wanted = request.POST.get("next", "/")
    response = HttpResponseRedirect(wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/", status=303)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, secure=settings.SECURE, httponly=True, samesite="Lax")
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@require_POST
@login_required
def preview(request: HttpRequest) -> HttpResponse:
    """The Markdown in `text` as it will be shown; a door whose words hold pictures has a preview of its own that knows them."""
    return HttpResponse(markdown.render(request.POST.get("text", "")[:PREVIEW_LIMIT], pictures=False))
