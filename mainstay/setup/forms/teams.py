"""A team, as customers meet it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.people.models import Team
from mainstay.promises.models import Calendar


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As your colleagues call it."))
    voice = forms.CharField(
        label=_("Voice"),
        max_length=120,
        required=False,
        help_text=_("The name that customers read in letters; the team's name when empty."),
    )
    phones = forms.CharField(
        label=_("Telephones"),
        max_length=200,
        required=False,
        help_text=_("Told to customers on the help pages and in letters; several with a comma."),
    )

    calendar = forms.ModelChoiceField(
        label=_("Hours"),
        queryset=Calendar.objects.order_by("name"),
        required=False,
        help_text=_("Whose hours this team's promises are counted in."),
    )

    def __init__(self, *args: Any, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team
        if Calendar.objects.count() < 2:
            del self.fields["calendar"]
        else:
            choice = self.fields["calendar"]
            assert isinstance(choice, forms.ModelChoiceField)
            choice.empty_label = _("the default hours")

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        others = Team.objects.filter(name__iexact=name)
        if (others.exclude(pk=self.team.pk) if self.team else others).exists():
            raise forms.ValidationError(_("There is a team with this name already."))
        return name
