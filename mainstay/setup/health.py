"""What can stand still, asked with a few indexed queries: the health page, the overview and the banner read the same answers (P-17)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext, ngettext

from mainstay.channels.models import Delivery
from mainstay.jobs import queries as jobs
from mainstay.jobs.models import Job
from mainstay.kernel import clock
from mainstay.kernel.health import CHECKS
from mainstay.mail import room
from mainstay.mail.models import Mailbox, RawMail
from mainstay.mail.queries import unsent

STUCK = timedelta(minutes=5)
STUBBORN = timedelta(minutes=15)


def register() -> None:
    for name, check in {
        "database": database,
        "worker": worker,
        "jobs": oldest_job,
        "mail in": mail_in,
        "mail out": mail_out,
        "disk": disk,
    }.items():
        CHECKS.register(name, check)


def database() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return []


def worker() -> list[str]:
    if jobs.workers_alive().exists():
        return []
    return [gettext("No worker is running: mail waits, in and out, and so do promises. Nothing is lost.")]


def oldest_job() -> list[str]:
    waited = jobs.oldest_waiting()
    if waited is None or waited < STUCK:
        return []
    return [gettext("Work waits for %(long)s already.") % {"long": how_long(waited)}]


def mail_in() -> list[str]:
    first = RawMail.objects.filter(state=RawMail.State.WAITING).order_by("received_at").values_list("received_at", flat=True).first()
    if first is None or clock.now() - first < STUCK:
        return []
    return [gettext("A mail that arrived %(long)s ago is in no case yet.") % {"long": how_long(clock.now() - first)}]


def mail_out() -> list[str]:
    """One slow recipient is no standstill: what was tried already may wait longer, as long as something leaves."""
    paused = Mailbox.objects.filter(paused_until__gt=clock.now(), is_active=True).values_list("address", flat=True)
    shut = [gettext("The server of %(address)s refuses us: its mail waits.") % {"address": address} for address in paused]
    first = unsent().order_by("id").values_list("message__at", "attempts").first()
    if shut or first is None:
        return shut
    still = clock.now() - max(first[0], _last_sent() or first[0])
    if still < (STUBBORN if first[1] else STUCK):
        return []
    return [gettext("No mail has left for %(long)s; replies wait, and are not lost.") % {"long": how_long(still)}]


def _last_sent() -> datetime | None:
    return Delivery.objects.filter(state=Delivery.State.SENT).order_by("-id").values_list("sent_at", flat=True).first()


def disk() -> list[str]:
    if room.left() > room.reserve():
        return []
    free = room.left() // (1024 * 1024)
    return [gettext("The disk is almost full (%(size)d MB left): mail is answered with “try later” until there is room.") % {"size": free}]


def failed_jobs(limit: int = 50) -> list[Job]:
    """What was given up and waits for a person, oldest first."""
    return list(jobs.failed_jobs()[:limit])


def how_long(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}
