"""The desk's forms; each lists its fields, and nothing else that is posted has any effect (S-051)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from mainstay.cases.models import Severity
from mainstay.mail.addresses import Directory
from mainstay.people.access import team_ids
from mainstay.people.models import Agent, Person, Team
from mainstay.people.queries import normal_email, people_by_email

CAME_BY = [("phone", _l("by phone")), ("person", _l("in person")), ("email", _l("by mail, to somebody of ours"))]


class NewCase(forms.Form):
    """A case that an agent opens for a customer."""

    address = forms.EmailField(
        label=_l("Whose need is it?"), help_text=_l("Their e-mail address; known people are offered while you type.")
    )
    name = forms.CharField(label=_l("Their name"), max_length=200, required=False, help_text=_l("For somebody new."))
    came_by = forms.ChoiceField(label=_l("How did it come?"), choices=CAME_BY)
    subject = forms.CharField(label=_l("What is it about?"), max_length=500)
    words = forms.CharField(label=_l("What did they say?"), max_length=200_000, widget=forms.Textarea(attrs={"rows": 6}))
    severity = forms.ModelChoiceField(label=_l("How bad is it?"), queryset=Severity.objects.none(), empty_label=None)
    team = forms.ModelChoiceField(label=_l("Team"), queryset=Team.objects.none(), empty_label=None)
    take = forms.BooleanField(label=_l("I take it"), required=False, initial=True)
    acknowledge = forms.BooleanField(
        label=_l("Send them the acknowledgement"), required=False, help_text=_l("With the case number and when a person will answer.")
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels, teams = Severity.objects.all(), Team.objects.filter(pk__in=team_ids(person)).order_by("name")
        self.fields["severity"].queryset, self.fields["team"].queryset = levels, teams  # type: ignore[attr-defined]
        self.fields["severity"].initial = next((row.pk for row in levels if row.is_default), None)
        self.fields["address"].widget.attrs.update({"list": "known-people", "autocomplete": "off"})

    def clean_address(self) -> str:
        address = normal_email(self.cleaned_data["address"])
        known = people_by_email([address]).get(address)
        if known is not None and Agent.objects.filter(person=known, disabled_at=None).exists():
            raise forms.ValidationError(_("%(name)s works here; a case belongs to a customer.") % {"name": known})
        if Directory().is_own(address):
            raise forms.ValidationError(_("This is an address of ours; a case belongs to a customer."))
        return address

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        address = values.get("address")
        if address and not values.get("name") and not people_by_email([address]):
            self.add_error("name", _("We do not know this address yet. Who is it?"))
        return values
