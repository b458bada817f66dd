"""One case: its page, and what is asked for again when it changes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from mainstay.cases.models import Case
from mainstay.desk.casepage import CHANGED, case_context, show_case, teams
from mainstay.desk.doors import case_page, is_asked_by_script
from mainstay.ui.pages import respond


@case_page
def case(request: HttpRequest, case: Case) -> HttpResponse:
    """The thread with the composer at its foot, the queue on its left. Looking writes nothing: the page posts the touch."""
    return show_case(request, case)


@case_page
def thread(request: HttpRequest, case: Case) -> HttpResponse:
    """What changes while the page is open; the composer stays as it is."""
    context = {**case_context(request, case), "teams": teams()}
    fragments = ["desk/_thread.html", *(name for name in CHANGED if name not in {"desk/_thread.html", "desk/_first_touch.html"})]
    if not is_asked_by_script(request):
        return show_case(request, case)
    return respond(request, page="desk/case.html", fragments=fragments, context=context)
