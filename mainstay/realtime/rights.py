"""Who holds a stream open, and which hints they may get. Asked in a thread, never in the event loop."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from mainstay.people.access import agent_of, team_ids
from mainstay.people.models import Person


@dataclass(frozen=True, slots=True)
class Rights:
    """What `cases.queries.visible_to` would let this person see, as values that one look at a batch of cases can be held against."""

    person: int
    is_agent: bool
    teams: frozenset[int]


def rights_of(session_key: str) -> Rights | None:
    """The rights behind a session cookie, read anew; None when the session or the person may not be here (any more)."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    person = get_user(request)
    if not isinstance(person, Person) or not person.is_active:
        return None
    agent = agent_of(person)
    return Rights(person=person.id, is_agent=agent is not None, teams=frozenset(team_ids(person)))
