"""What the help pages say about us."""

from __future__ import annotations

from mainstay.mail.models import Mailbox
from mainstay.people.models import Person, Team
from mainstay.people.queries import working_agents

FACES = 5


def our_team() -> Team:
    """Who answers the help pages: the team of the default mailbox, else the oldest. Raises LookupError before the set-up."""
    mailbox = Mailbox.objects.filter(is_default=True).select_related("team").first()
    team = mailbox.team if mailbox else Team.objects.order_by("pk").first()
    if team is None:
        raise LookupError("no team is set up yet")
    return team


def who_helps(team: Team) -> list[Person]:
    """Some people of the team, those with a photo first; only their first names and faces are shown."""
    people = [agent.person for agent in working_agents(team) if agent.person.first_name and "@" not in agent.person.first_name]
    return sorted(people, key=lambda person: not person.photo)[:FACES]


def phones_of(team: Team) -> list[str]:
    return [phone.strip() for phone in team.phones.split(",") if phone.strip()]
