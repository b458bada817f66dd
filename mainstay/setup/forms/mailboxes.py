"""An address that we answer, and the server by which its mail leaves."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.mail.models import Mailbox
from mainstay.people.models import Team
from mainstay.people.queries import normal_email

ALIASES_CAP = 50
OPEN_FIELDS = ("address", "aliases", "name", "team", "host", "port", "security", "user")


class MailboxForm(forms.Form):
    address = forms.EmailField(label=_("Address"), max_length=254, help_text=_("Customers write to it, and mail leaves from it."))
    aliases = forms.CharField(
        label=_("More addresses that lead here"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One in each line. Mail to them is ours, too; answers leave from the address above."),
    )
    name = forms.CharField(label=_("Name beside the address"), required=False, max_length=120, help_text=_("The team's voice when empty."))
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.order_by("name"), empty_label=None, help_text=_("Its cases begin in this team's queue.")
    )
    is_default = forms.BooleanField(
        label=_("Use it where nothing else says which"),
        required=False,
        help_text=_("For cases from the help pages, and for cases that an agent begins."),
    )
    is_active = forms.BooleanField(
        label=_("Take mail in"), required=False, help_text=_("When off, mail to this address is refused; its cases stay.")
    )
    host = forms.CharField(
        label=_("Server"),
        required=False,
        max_length=255,
        help_text=_("Such as smtp.example.com, as your mail provider names it. No reply leaves without one."),
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=587, help_text=_("587 with STARTTLS, 465 with TLS."))
    security = forms.ChoiceField(
        label=_("Encryption"),
        choices=Mailbox.Security.choices,
        initial=Mailbox.Security.STARTTLS,
        help_text=_("Certificates are checked."),
    )
    user = forms.CharField(
        label=_("User name"),
        required=False,
        max_length=255,
        help_text=_("Often the address itself."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=500,
        strip=False,
        help_text=_("Kept encrypted, shown to nobody."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, mailbox: Mailbox | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mailbox = mailbox
        if mailbox is None:
            del self.fields["is_active"], self.fields["is_default"]
        elif mailbox.is_default:
            del self.fields["is_default"], self.fields["is_active"]
        if mailbox is not None and mailbox.password:
            self.fields["password"].help_text = _("One is kept. Leave this empty to keep it.")

    @classmethod
    def of(cls, mailbox: Mailbox, data: Any = None) -> MailboxForm:
        now = {name: getattr(mailbox, name) for name in OPEN_FIELDS} | {"aliases": "\n".join(mailbox.aliases)}
        return cls(data, mailbox=mailbox, initial=now | {"is_default": mailbox.is_default, "is_active": mailbox.is_active})

    def clean_aliases(self) -> list[str]:
        aliases = [normal_email(line) for line in re.split(r"[\s,;]+", self.cleaned_data["aliases"]) if line]
        if len(aliases) > ALIASES_CAP:
            raise forms.ValidationError(_("At most 50 addresses."))
        for alias in aliases:
            try:
                validate_email(alias)
            except forms.ValidationError:
                raise forms.ValidationError(gettext("“%(address)s” is no e-mail address.") % {"address": alias})
        return aliases

    def clean(self) -> dict[str, Any]:
        """A kept password goes to the server that it was given for, and to no other: who changes the server enters it again."""
        values, mailbox = self.cleaned_data, self.mailbox
        moves = mailbox is not None and bool(mailbox.password) and values.get("host") not in ("", mailbox.host)
        if moves and values.get("user") and not values.get("password"):
            self.add_error("password", _("Enter the password again: the kept one belongs to the other server."))
        return values

    def values(self) -> dict[str, Any]:
        """What the verbs take; a password only when one was typed, or when the kept one would go to another server."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "password"}
        typed = self.cleaned_data["password"]
        if typed or (self.mailbox is not None and values["host"] != self.mailbox.host):
            values["password"] = typed
        return values
