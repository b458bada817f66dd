"""What is set, what is missing, and whether everything moves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from mainstay.channels.models import Delivery
from mainstay.jobs import queries as jobs
from mainstay.jobs.actions import discard_job, retry_job
from mainstay.kernel import health
from mainstay.mail.models import RawMail
from mainstay.mail.queries import COUNT_LIMIT, unsent
from mainstay.setup.doors import administrators, page, saved
from mainstay.setup.health import failed_jobs
from mainstay.setup.missing import missing

NAMES = {
    "database": (gettext_lazy("Database"), gettext_lazy("answers")),
    "worker": (gettext_lazy("Worker"), gettext_lazy("is at work")),
    "jobs": (gettext_lazy("Work in the queue"), gettext_lazy("is done as it comes")),
    "mail in": (gettext_lazy("Mail coming in"), gettext_lazy("is filed as it comes")),
    "mail out": (gettext_lazy("Mail going out"), gettext_lazy("leaves")),
    "disk": (gettext_lazy("Disk"), gettext_lazy("has room")),
}


@administrators
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    answers = health.look()
    checks = [{"name": label, "well": well, "sentences": answers[key]} for key, (label, well) in NAMES.items()]
    return page(
        request,
        "overview",
        section="overview",
        checks=checks,
        figures=_figures(),
        missing=missing(),
        failed=failed_jobs(),
    )


def _figures() -> list[dict[str, object]]:
    came_back = Delivery.objects.filter(state__in=[Delivery.State.FAILED, Delivery.State.BOUNCED])
    quarantined = RawMail.objects.filter(state=RawMail.State.QUARANTINED)
    return [
        {"label": gettext("Mails in quarantine"), "value": quarantined[:COUNT_LIMIT].count(), "url": reverse("desk:quarantine")},
        {"label": gettext("Mails on their way out"), "value": unsent()[:COUNT_LIMIT].count()},
        {"label": gettext("Mails that came back or failed"), "value": came_back[:COUNT_LIMIT].count()},
        {"label": gettext("Workers"), "value": jobs.workers_alive().count()},
    ]


@administrators
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    done = retry_job(pk)
    return saved(request, gettext("It is tried again.") if done else gettext("It is not in the list any more."), "overview")


@administrators
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    done = discard_job(pk)
    return saved(request, gettext("It is discarded.") if done else gettext("It is not in the list any more."), "overview")
