"""How people sign in: who may, how often they may try, and where they may land afterwards."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from mainstay.kernel import limits, secrets
from mainstay.people.models import Agent, Person
from mainstay.ui import errors
from mainstay.ui.middleware import address_of

log = logging.getLogger("mainstay.accounts")

WINDOW = timedelta(minutes=5)
TRIES_PER_ACCOUNT = 5
TRIES_PER_ADDRESS = 30
SILENT_MESSAGES = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's questions, answered the way a help desk needs it: closed sign-up, own paths only, exact limits, nothing told."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The address and the password do not belong together. Try once more."),
        "incorrect_code": _("That code does not fit. It changes every 30 seconds; try the one that is shown now."),
        "incorrect_password": _("That is not your password. Try once more."),
        "enter_current_password": _("That is not your present password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Agents are invited and customers need no account."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of our own: an address with a host in it, even with ours, leads nowhere from here."""
        return bool(url) and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the try before the password is looked at, or tries made at the same moment would slip through (S-061)."""
        count_tries(request, account_key(str(credentials.get("email", ""))))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """A disabled person gets what a wrong password gets: the same words, the same status, the same time (S-060)."""
        person = super().authenticate(request, **credentials)
        return person if person is not None and may_sign_in(person) else None

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Their own password again, under the same limits. (allauth would look for an address in a table that we don't fill.)"""
        count_tries(context.request, account_key(user.get_username()))
        return user.check_password(password) and may_sign_in(user)

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any) -> None:
        if message_template not in SILENT_MESSAGES:
            super().add_message(request, level, message_template, *args, **kwargs)


def may_sign_in(person: AbstractBaseUser) -> bool:
    return person.is_active and not Agent.objects.filter(person_id=person.pk).exclude(disabled_at=None).exists()


def account_key(email: str) -> str:
    return f"sign-in account {unicodedata.normalize('NFKC', email).strip().casefold()}"


def count_tries(request: HttpRequest, key: str) -> None:
    """Count one try for the account and one for the client's address; past either limit the answer is 429, and ends the request."""
    address_key = f"sign-in address {address_of(request)}"
    within_account = limits.allow(key, TRIES_PER_ACCOUNT, WINDOW)
    within_address = limits.allow(address_key, TRIES_PER_ADDRESS, WINDOW)
    if not (within_account and within_address):
        raise ImmediateHttpResponse(errors.too_many(request))


@contextmanager
def readable() -> Iterator[None]:
    """Nothing fits a seed that can't be read any more; that the key is gone is for whoever runs this installation to know."""
    try:
        yield
    except secrets.Unreadable:
        log.error("a second step was stored under another SECRETS_KEY: bring it back in SECRETS_KEY_FALLBACKS")  # noqa: TRY400
        raise ValidationError(_("Your second step can't be checked just now. Whoever runs this desk finds out why in its log."))


class SecondStep(AuthenticateForm):  # type: ignore[misc]
    """The code after the password, five tries in five minutes for an account, whatever the number of windows (S-067)."""

    user: Person

    def clean_code(self) -> str:
        count_tries(context.request, f"second step {self.user.pk}")
        with readable():
            return str(super().clean_code())


class SecondStepAgain(ReauthenticateForm):  # type: ignore[misc]
    """The code that a sensitive change asks for, under the same limit."""

    user: Person

    def clean_code(self) -> str:
        count_tries(context.request, f"second step {self.user.pk}")
        with readable():
            return str(super().clean_code())
