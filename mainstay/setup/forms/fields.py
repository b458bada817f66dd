"""Fields that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from mainstay.people.models import Person
from mainstay.setup.zones import zones

PASSWORD_CAP = 1_024  # long enough for whatever a password manager or a poem makes (S-070)


class ZoneField(forms.ChoiceField):
    """A time zone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=zones, label=options.pop("label", _("Time zone")), initial=options.pop("initial", "UTC"), **options)


def let_guess(field: forms.Field) -> None:
    """Nobody has chosen yet: the page's script puts in the browser's own zone."""
    field.widget.attrs["data-guess"] = True


class NewPassword(forms.CharField):
    """A password to set; what is asked of it is said beforehand, and checked once it is known whose it is."""

    def __init__(self, **options: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "maxlength": PASSWORD_CAP})
        help_text = _("At least 10 characters; a few words in a row are easy to keep and hard to guess.")
        super().__init__(label=_("Password"), max_length=PASSWORD_CAP, strip=False, widget=widget, help_text=help_text, **options)


def check_password(form: forms.Form, field: str, person: Person) -> None:
    """Put what is wrong with the password beside its field."""
    try:
        validate_password(form.cleaned_data.get(field, ""), person)
    except forms.ValidationError as error:
        form.add_error(field, error)
