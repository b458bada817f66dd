"""A new password, by whoever knows the present one (S-068)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.people.models import Person
from mainstay.setup.forms.fields import PASSWORD_CAP, NewPassword, check_password


class PasswordForm(forms.Form):
    present = forms.CharField(
        label=_("Present password"),
        max_length=PASSWORD_CAP,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = NewPassword()

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["password"].label = _("New password")

    def clean_present(self) -> str:
        present = str(self.cleaned_data["present"])
        if not self.person.check_password(present):
            raise forms.ValidationError(_("That is not your present password."))
        return present

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("password"):
            check_password(self, "password", self.person)
        return self.cleaned_data
