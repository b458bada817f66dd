"""Mailboxes are made, changed, paused when their server refuses us, and go on again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from mainstay.channels.models import Delivery
from mainstay.events import record
from mainstay.kernel import clock, secrets
from mainstay.mail.events import MailboxChanged, MailboxMade, MailboxPaused
from mainstay.mail.models import Mailbox
from mainstay.mail.wire import Unsendable, address
from mainstay.people.models import Address, Person, Team
from mainstay.people.queries import normal_email

FIELDS = {"address", "aliases", "name", "team", "is_default", "is_active", "host", "port", "security", "user", "password"}
ROUTE = {"host", "port", "security", "user", "password"}
PAUSE = timedelta(minutes=15)
SILENCE = timedelta(minutes=1)
OK_EVERY = timedelta(minutes=5)


@transaction.atomic
def make_mailbox(mailbox_address: str, *, team: Team, by: Person | None = None, **values: Any) -> Mailbox:
    """A new address that we answer; the first one is the default. Raises ValueError, with a sentence, when the address is none,
    or is a person's or another mailbox's already (R-37)."""
    if not Mailbox.objects.exists():
        values["is_default"] = True
    mailbox = Mailbox(team=team)
    _set(mailbox, {"address": mailbox_address, **values})
    mailbox.save()
    record(MailboxMade(actor=by.id if by else None, mailbox=mailbox.id))
    return mailbox


@transaction.atomic
def change_mailbox(mailbox: Mailbox, *, by: Person | None = None, **values: Any) -> None:
    """Change the named fields; `password` is given in the clear and kept sealed. A changed way out ends a pause, and what waited
    for it is tried at once. Raises ValueError like `make_mailbox`."""
    _set(mailbox, values)
    if ROUTE & set(values):
        mailbox.paused_until, mailbox.last_error, mailbox.last_error_at = None, "", None
        Delivery.objects.filter(state=Delivery.State.QUEUED, next_at__gt=clock.now(), channel="email").update(next_at=clock.now())
    mailbox.save()
    record(MailboxChanged(actor=by.id if by else None, mailbox=mailbox.id, fields=sorted(values)))


def _set(mailbox: Mailbox, values: dict[str, Any]) -> None:
    unknown = set(values) - FIELDS
    if unknown:
        raise TypeError(f"a mailbox has no {', '.join(sorted(unknown))}")
    for name, value in values.items():
        if name == "password":
            value = secrets.seal(value) if value else ""
        elif name == "address":
            value = normal_email(value)
        elif name == "aliases":
            value = list(dict.fromkeys(normal_email(one) for one in value if one.strip()))
        setattr(mailbox, name, value)
    if {"address", "aliases"} & set(values):
        _check_addresses(mailbox)
    if values.get("is_default"):
        Mailbox.objects.filter(is_default=True).exclude(pk=mailbox.pk).update(is_default=False)


def _check_addresses(mailbox: Mailbox) -> None:
    for own in mailbox.addresses:
        try:
            address(own)
        except Unsendable as sentence:
            raise ValueError(str(sentence)) from None
        if "+" in own.partition("@")[0]:
            raise ValueError(gettext("%(address)s has a +, which is kept for reply addresses.") % {"address": own})
    if taken := _taken(mailbox.addresses, mailbox.pk):
        raise ValueError(gettext("%(address)s is in use already: by another mailbox, or by a person.") % {"address": taken})


def _taken(addresses: Iterable[str], pk: int | None) -> str | None:
    wanted = set(addresses)
    others = {one for box in Mailbox.objects.all() if box.pk != pk for one in box.addresses}
    people = set(Address.objects.filter(kind=Address.Kind.EMAIL, value__in=wanted).values_list("value", flat=True))
    people |= {person.email or "" for person in Person.objects.filter(email__in=wanted)}
    return next(iter(sorted(wanted & (others | people))), None)


@transaction.atomic
def pause(mailbox: Mailbox, sentence: str, pause_for: timedelta = PAUSE) -> datetime:
    """The server refuses us, not this mail, or says nothing: try nothing for a while and say so, instead of burning attempts (R-32).
    Returns until when; the log hears of it once, however long it lasts."""
    now = clock.now()
    until = now + pause_for
    is_news = Mailbox.objects.filter(pk=mailbox.pk, last_error="").update(last_error=sentence[:300])
    Mailbox.objects.filter(pk=mailbox.pk).update(paused_until=until, last_error=sentence[:300], last_error_at=now)
    if is_news:
        record(MailboxPaused(mailbox=mailbox.id))
    return until


def note_success(mailbox: Mailbox) -> None:
    """The way out works. Written when that is news, and every few minutes, not with each mail; the log hears of deliveries, not of this."""
    now = clock.now()
    if mailbox.last_error or mailbox.last_ok_at is None or now - mailbox.last_ok_at > OK_EVERY:
        Mailbox.objects.filter(pk=mailbox.pk).update(last_ok_at=now, last_error="", paused_until=None)
