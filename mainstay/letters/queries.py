"""Reading letters, for the settings."""

from __future__ import annotations

from datetime import datetime

from mainstay.letters.acknowledgement import sample
from mainstay.letters.models import Kind, LetterTemplate
from mainstay.letters.text import house_text
from mainstay.people.models import Team
from mainstay.promises.queries import hours_of, read_by


def acknowledgement_of(team: Team) -> LetterTemplate:
    """The team's row, or an unsaved one that says what holds without it: switched on, in the words of the house."""
    row = LetterTemplate.objects.filter(team=team, kind=Kind.ACKNOWLEDGEMENT).first()
    return row or LetterTemplate(team=team, kind=Kind.ACKNOWLEDGEMENT)


def body_of(team: Team) -> str:
    """The text with its placeholders, as it can be edited."""
    return acknowledgement_of(team).body or house_text()


def preview(team: Team, at: datetime, body: str | None = None) -> str:
    """What a customer whom we know would be told at this moment, in the team's words or in those that are being tried."""
    return sample(team, body_of(team) if body is None else body, at, read_by(team, at), hours_of(team))
