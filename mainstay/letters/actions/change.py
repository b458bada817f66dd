"""A team's own words."""

from __future__ import annotations

from django.db import transaction

from mainstay.events import record
from mainstay.kernel import clock
from mainstay.letters.events import LetterChanged
from mainstay.letters.models import Kind, LetterTemplate
from mainstay.letters.text import check
from mainstay.people.models import Person, Team


@transaction.atomic
def change_acknowledgement(team: Team, body: str, *, by: Person | None) -> None:
    """From now on the team says this; nothing, and the house text speaks again. Raises ValueError with a sentence for the form."""
    body = body.replace("\r\n", "\n").strip()
    check(body)
    _keep(team, by, body=body)


def turn_off(team: Team, *, by: Person | None) -> None:
    """The team acknowledges nothing; its words are kept."""
    _keep(team, by, is_on=False)


def turn_on(team: Team, *, by: Person | None) -> None:
    _keep(team, by, is_on=True)


@transaction.atomic
def _keep(team: Team, by: Person | None, **values: str | bool) -> None:
    values_kept = {**values, "by": by, "changed_at": clock.now()}
    row, _ = LetterTemplate.objects.update_or_create(team=team, kind=Kind.ACKNOWLEDGEMENT, defaults=values_kept)
    record(LetterChanged(actor=by.id if by else None, team=team.id, letter=Kind.ACKNOWLEDGEMENT, is_on=row.is_on))
