"""The two forms by which somebody comes in: the first run, and an invitation."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mainstay.people.models import Person
from mainstay.people.queries import normal_email
from mainstay.setup import code
from mainstay.setup.actions import Beginning
from mainstay.setup.forms.fields import NewPassword, ZoneField, check_password, let_guess


def suggested_address() -> str:
    host = urlsplit(settings.BASE_URL).hostname or ""
    domain = host.removeprefix("help.").removeprefix("support.") if "." in host and any(letter.isalpha() for letter in host) else ""
    return f"support@{domain}" if domain else ""


class FirstRunForm(forms.Form):
    code = forms.CharField(
        label=_("Set-up code"),
        max_length=80,
        help_text=_("Mainstay printed it when it started, and keeps it in setup.code in its data folder."),
    )
    team = forms.CharField(
        label=_("Your company, as customers know it"), max_length=120, help_text=_("Letters are signed with it. More teams can follow.")
    )
    mailbox = forms.EmailField(
        label=_("The address you answer"),
        max_length=254,
        help_text=_("Customers write to it, and mail leaves from it. How it is sent comes later."),
    )
    name = forms.CharField(label=_("Your name"), max_length=200, help_text=_("Customers read the first part of it."))
    email = forms.EmailField(label=_("Your own e-mail address"), max_length=254, help_text=_("You sign in with it."))
    password = NewPassword()
    time_zone = ZoneField(help_text=_("Where your team works: its hours are counted there."))

    def __init__(self, *args: Any, needs_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_code:
            del self.fields["code"]
        if not self.is_bound:
            let_guess(self.fields["time_zone"])
            self.initial["mailbox"] = suggested_address()
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "username"

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"])
        if not code.fits(typed):
            raise forms.ValidationError(_("That is not the code that was printed."))
        return typed

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("email") and normal_email(values["email"]) == normal_email(values.get("mailbox", "")):
            self.add_error("mailbox", _("This is your own address. Mainstay would answer you instead of your customers."))
        if values.get("password"):
            check_password(self, "password", Person(name=values.get("name", ""), email=values.get("email", "")))
        return values

    def beginning(self) -> Beginning:
        values = self.cleaned_data
        return Beginning(**{name: values[name] for name in ("team", "name", "email", "password", "time_zone", "mailbox")})


class JoinForm(forms.Form):
    password = NewPassword()
    time_zone = ZoneField(help_text=_("Times on your pages are in this zone."))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if not self.is_bound:
            self.initial["time_zone"] = person.time_zone or "UTC"
            if not person.time_zone:
                let_guess(self.fields["time_zone"])

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("password"):
            check_password(self, "password", self.person)
        return self.cleaned_data
