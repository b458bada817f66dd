"""How people sign in: who may, how often they may try, and where they may land afterwards."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from mainstay.kernel import clock, limits, secrets
from mainstay.people.access import remember_hat
from mainstay.people.models import Agent, Person
from mainstay.ui import errors
from mainstay.ui.middleware import address_of
from mainstay.ui.sealing import Seeds

log = logging.getLogger("mainstay.accounts")

WINDOW = timedelta(minutes=5)
TRIES_PER_ACCOUNT = 5
TRIES_PER_ADDRESS = 30
USED_CODES_KEPT = timedelta(days=1)
SILENT_MESSAGES = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's questions, answered the way a help desk needs it: closed sign-up, own paths only, exact limits, nothing told."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The address and the password do not belong together. Try once more."),
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

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Counts the try before the password is looked at, or tries made at the same moment would slip through (S-061). A disabled
        person gets what a wrong password gets: the same words, the same status, the same time (S-060)."""
        tried = count_tries(request, account_key(str(credentials.get("email", ""))))
        person: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if person is None or not may_sign_in(person):
            return None
        was_right(request, tried)
        return person

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Their own password again, under the same limits. (allauth would look for an address in a table that we don't fill.)"""
        tried = count_tries(context.request, account_key(user.get_username()))
        if not (user.check_password(password) and may_sign_in(user)):
            return False
        was_right(context.request, tried)
        return True

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any) -> None:
        if message_template not in SILENT_MESSAGES:
            super().add_message(request, level, message_template, *args, **kwargs)


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Who a session belongs to, asked with every page: a disabled agent's is nobody's any more (S-059)."""

    def get_user(self, user_id: int) -> Person | None:
        person = Person.objects.select_related("agent").filter(pk=user_id).first()
        if person is None or not person.is_active:
            return None
        agent = getattr(person, "agent", None)
        if agent is not None and agent.disabled_at is not None:
            return None
        remember_hat(person, agent)
        return person


def may_sign_in(person: AbstractBaseUser) -> bool:
    return person.is_active and not Agent.objects.filter(person_id=person.pk).exclude(disabled_at=None).exists()


def address_key(request: HttpRequest) -> str:
    return f"sign-in address {address_of(request)}"


def account_key(email: str) -> str:
    return f"sign-in account {unicodedata.normalize('NFKC', email).strip().casefold()}"


def count_tries(request: HttpRequest, key: str) -> datetime:
    """Count one try for the account and one for the client's address; past either limit the answer is 429, and ends the request.
    Returns the moment of the try, for `was_right`."""
    now = clock.now()
    by_account = limits.count_at(now, key, WINDOW)
    by_address = limits.count_at(now, address_key(request), WINDOW)
    if by_account > TRIES_PER_ACCOUNT or by_address > TRIES_PER_ADDRESS:
        raise ImmediateHttpResponse(errors.too_many(request))
    return now


def was_right(request: HttpRequest, tried: datetime) -> None:
    """The try was no guess, so it does not count against the address: a whole company may sit behind one. Other tries stay counted,
    or somebody with one right password could guess all the others."""
    limits.give_back(tried, address_key(request), WINDOW)


def checked(person: Person, clean_code: Callable[[], str]) -> str:
    """The code, when it fits. Nothing fits a seed that can't be read any more; that the key is gone is for whoever runs this
    installation to know."""
    tried = count_tries(context.request, f"second step {person.pk}")
    try:
        code = str(clean_code())
    except secrets.Unreadable:
        log.error("a second step was stored under another SECRETS_KEY: bring it back in SECRETS_KEY_FALLBACKS")  # noqa: TRY400
        raise ValidationError(_("Your second step can't be checked just now. Whoever runs this desk finds out why in its log."))
    # In the database, because allauth remembers used codes in a cache, and each web process has its own (S-067).
    if not limits.allow(f"used code {person.pk} {code}", 1, USED_CODES_KEPT):
        raise ValidationError(Seeds.error_messages["incorrect_code"])
    was_right(context.request, tried)
    return code


class SignIn(LoginForm):  # type: ignore[misc]
    """allauth's own, in our words, in which a password manager finds whose password it keeps."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SecondStep(AuthenticateForm):  # type: ignore[misc]
    """The code after the password, five tries in five minutes for an account, whatever the number of windows (S-067)."""

    user: Person

    def clean_code(self) -> str:
        return checked(self.user, super().clean_code)


class SecondStepAgain(ReauthenticateForm):  # type: ignore[misc]
    """The code that a sensitive change asks for, under the same limit."""

    user: Person

    def clean_code(self) -> str:
        return checked(self.user, super().clean_code)
