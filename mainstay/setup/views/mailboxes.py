"""Mailboxes: the addresses that we answer."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mainstay.kernel import limits
from mainstay.mail.actions import Trial, change_mailbox, make_mailbox, test_mailbox
from mainstay.mail.models import Mailbox
from mainstay.setup.doors import administrators, me, page, saved
from mainstay.setup.forms.mailboxes import MailboxForm
from mainstay.ui import errors

TRIALS, PER = 20, timedelta(hours=1)


@administrators
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    rows = Mailbox.objects.select_related("team").order_by("-is_default", "-is_active", "address")
    return page(request, "mailboxes", section="mailboxes", mailboxes=rows, demo=settings.DEMO)


@administrators
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    form = MailboxForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = form.values()
        try:
            mailbox = make_mailbox(values.pop("address"), team=values.pop("team"), by=me(request), **values)
        except ValueError as sentence:
            form.add_error("address", str(sentence))
        else:
            return saved(request, gettext("%(address)s is ours to answer now.") % {"address": mailbox.address}, "mailbox", mailbox.pk)
    return _show(request, form, None)


@administrators
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    mailbox = get_object_or_404(Mailbox, pk=pk)
    form = MailboxForm.of(mailbox, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            change_mailbox(Mailbox.objects.get(pk=pk), by=me(request), **form.values())
        except ValueError as sentence:
            form.add_error("address", str(sentence))
        else:
            return saved(request, gettext("%(address)s is saved.") % {"address": form.cleaned_data["address"]}, "mailbox", pk)
    return _show(request, form, mailbox)


@administrators
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Connect and sign in as a delivery would, send nothing, and say how it went."""
    mailbox = get_object_or_404(Mailbox, pk=pk)
    if not limits.allow(f"mailbox trial {me(request).pk}", TRIALS, PER):
        return errors.too_many(request)
    return _show(request, MailboxForm.of(mailbox), mailbox, test_mailbox(mailbox))


def _show(request: HttpRequest, form: MailboxForm, mailbox: Mailbox | None, trial: Trial | None = None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return page(request, "mailbox", section="mailboxes", status=status, form=form, mailbox=mailbox, trial=trial, demo=settings.DEMO)
