"""Whether it lives, for machines."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mainstay.kernel import health
from mainstay.people.access import agent_of
from mainstay.setup.code import is_local


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while everything moves, 503 when something stands still (P-17). What it is that does is told to agents and on the machine
    itself; everybody else reads the one word (S-057)."""
    answers = health.look()
    status = "stuck" if any(answers.values()) else "ok"
    told: dict[str, object] = {"status": status}
    if is_local(request) or agent_of(request.user) is not None:
        told["checks"] = {name: sentences or "ok" for name, sentences in answers.items()}
    return JsonResponse(told, status=200 if status == "ok" else 503)
