"""The people of the tests. Corvid Payroll and Harbor Clinics buy software from Journeyware, whose support this is.

Maya Ortiz and Tom Becker are agents, Aiko Kimura leads them, Ingrid Solberg administers. Nils Brandt works in another team.
Luis Almeida (Harbor Clinics) and Dana Whitfield (Corvid Payroll) are customers; Zoe Kravitz-Petrov is a stranger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from mainstay.kernel import clock

MONDAY = datetime(2026, 3, 2, 9, 42, tzinfo=UTC)
SUBJECT = "Overtime counts the holiday twice"
BODY = "Hi, since the 9.2 update our nurses get 16 hours instead of 8."
PASSWORD = "a mast held by two stays"


@dataclass
class Cast:
    """Rows made once per test; `Cast.assemble()` is a dozen queries."""

    support: object
    billing: object
    ingrid: object
    aiko: object
    maya: object
    tom: object
    nils: object
    harbor: object
    corvid: object
    luis: object
    dana: object
    zoe: object

    @classmethod
    def assemble(cls) -> Cast:
        from mainstay.cases.actions import set_severities
        from mainstay.people.models import Agent, Organization, Team

        set_severities(
            {1: ("Down", "Nobody can work"), 2: ("High", "Somebody can't work"), 3: ("Normal", ""), 4: ("Small", "")}, default=3, by=None
        )
        support = Team.objects.create(name="Support", voice="Journeyware Support", phones="+1 512 555 0142")
        billing = Team.objects.create(name="Billing")
        harbor = Organization.objects.create(name="Harbor Clinics", domains=["harbor.example"])
        corvid = Organization.objects.create(name="Corvid Payroll", domains=["corvid.example"])
        role = Agent.Role
        return cls(
            support=support,
            billing=billing,
            harbor=harbor,
            corvid=corvid,
            ingrid=_agent("Ingrid Solberg", "ingrid@journeyware.example", role.ADMINISTRATOR, support),
            aiko=_agent("Aiko Kimura", "aiko@journeyware.example", role.LEAD, support),
            maya=_agent("Maya Ortiz", "maya@journeyware.example", role.AGENT, support),
            tom=_agent("Tom Becker", "tom@journeyware.example", role.AGENT, support),
            nils=_agent("Nils Brandt", "nils@journeyware.example", role.AGENT, billing),
            luis=_customer("Luis Almeida", "luis@harbor.example", harbor),
            dana=_customer("Dana Whitfield", "dana@corvid.example", corvid),
            zoe=_customer("Zoe Kravitz-Petrov", "zoe@elsewhere.example", None),
        )

    def case(self, *, requester: object = None, subject: str = SUBJECT, body: str = BODY, **more: object):
        """A case that Luis (or another) opened by mail, a moment ago."""
        from mainstay.cases.actions import open_case

        asker = requester or self.luis
        values = {"requester": asker, "subject": subject, "team": self.support, **more}
        case = open_case(words(asker, body), **values).case
        case.refresh_from_db(fields=["due_at", "due_what"])
        return case


def words(author: object, body: str = BODY, **more: object):
    """Words by mail from somebody."""
    from mainstay.cases.actions import Words
    from mainstay.people.queries import email_of

    values = {"at": clock.now(), "channel": "email", "written_from": email_of(author) if author else "", **more}
    return Words(author=author, body=body, **values)


def _agent(name: str, email: str, role: str, *teams: object):
    from mainstay.people.models import Address, Agent, Person

    person = Person.objects.create(name=name, email=email)
    person.set_password(PASSWORD)
    person.save()
    Address.objects.create(person=person, value=email, verified_at=clock.now())
    Agent.objects.create(person=person, role=role, signature=f"{name}\nJourneyware Support").teams.set(teams)
    return person


def _customer(name: str, email: str, organization: object):
    from mainstay.people.models import Address, Person

    person = Person.objects.create(name=name, organization=organization)
    Address.objects.create(person=person, value=email)
    return person
