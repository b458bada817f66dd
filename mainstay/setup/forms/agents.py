"""Inviting colleagues, and what they may do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.people.models import Agent, Person, Team
from mainstay.people.queries import normal_email, people_by_email
from mainstay.setup import access
from mainstay.setup.mailboxes import is_ours

Role = Agent.Role

MEANINGS = {
    Role.AGENT: _("Agent: works the cases of their teams"),
    Role.LEAD: _("Lead: also cares for the agents of their teams"),
    Role.ADMINISTRATOR: _("Administrator: every team, and these settings"),
}


class RoleForm(forms.Form):
    """Role and teams, offered no further than the asker's own reach (S-052)."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"),
        queryset=Team.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They see and work the cases of these teams."),
    )

    def __init__(self, *args: Any, asker: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asker = asker
        roles, teams = self.fields["role"], self.fields["teams"]
        assert isinstance(roles, forms.ChoiceField)
        assert isinstance(teams, forms.ModelMultipleChoiceField)
        roles.choices = [(role.value, MEANINGS[role]) for role in access.grantable_roles(asker)]
        teams.queryset = access.grantable_teams(asker)
        teams.error_messages["required"] = _("Choose at least one team, or there is nothing to work on.")
        if "role" not in self.initial:
            self.initial["role"] = Role.AGENT
        if "teams" not in self.initial:
            self.initial["teams"] = list(teams.queryset[:1])


class InviteForm(RoleForm):
    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("As customers will read it."))
    email = forms.EmailField(label=_("E-mail address"), max_length=254, help_text=_("They sign in with it."))
    field_order = ["name", "email", "role", "teams"]

    def clean_email(self) -> str:
        """Nobody who is an agent already, no mailbox of ours (R-37). A lead invites strangers only: an invitation sets a password, so
        it must not reach for a person whom they may not see (S-050)."""
        email = normal_email(self.cleaned_data["email"])
        person = people_by_email([email]).get(email)
        administers = Role.ADMINISTRATOR in access.grantable_roles(self.asker)
        if is_ours(email):
            trouble = _("This is an address of one of our mailboxes, not of a person.")
        elif Person.objects.filter(email=email, agent__isnull=False).exists() or (person and hasattr(person, "agent")):
            trouble = _("An agent with this address is in the list already.")
        else:
            trouble = None
        if person is not None and not administers:
            trouble = _("This address can't be invited from here; an administrator can.")
        if trouble:
            raise forms.ValidationError(trouble)
        return email
