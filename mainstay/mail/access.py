"""Who may do what to mailboxes and mails."""

from __future__ import annotations

from mainstay.mail.models import Mailbox, RawMail
from mainstay.people.access import Asker, agent_of, rule, team_ids
from mainstay.people.models import Agent, Person


@rule(Mailbox)
def _mailbox(person: Person, verb: str, mailbox: Mailbox) -> bool:
    """Administrators change mailboxes; nobody else has to see more of them than the address."""
    agent = agent_of(person)
    return agent is not None and agent.role == Agent.Role.ADMINISTRATOR


@rule(RawMail)
def _raw_mail(person: Person, verb: str, mail: RawMail) -> bool:
    """Agents see and decide about the mails of their teams' mailboxes, administrators about all."""
    if verb not in {"see", "work"} or agent_of(person) is None:
        return False
    return sees_every_mail(person) or (mail.mailbox is not None and mail.mailbox.team_id in team_ids(person))


def sees_every_mail(person: Asker) -> bool:
    """Administrators do, also those for no mailbox, which would be in nobody's sight otherwise."""
    agent = agent_of(person)
    return agent is not None and agent.role == Agent.Role.ADMINISTRATOR
