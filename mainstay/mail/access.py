"""Who may do what to mailboxes and mails."""

from __future__ import annotations

from mainstay.mail.models import Mailbox, RawMail
from mainstay.people.access import agent_of, rule, team_ids
from mainstay.people.models import Agent, Person


@rule(Mailbox)
def _mailbox(person: Person, verb: str, mailbox: Mailbox) -> bool:
    """Administrators change mailboxes; nobody else has to see more of them than the address."""
    agent = agent_of(person)
    return agent is not None and agent.role == Agent.Role.ADMINISTRATOR


@rule(RawMail)
def _raw_mail(person: Person, verb: str, mail: RawMail) -> bool:
    """Agents see and decide about the mails of their teams' mailboxes."""
    if agent_of(person) is None or mail.mailbox is None:
        return False
    return verb in {"see", "work"} and mail.mailbox.team_id in team_ids(person)
