"""Founds the demo company: teams, people, customers, hours and targets, by the verbs that the first run and the settings call."""

from __future__ import annotations

from dataclasses import dataclass

from mainstay.cases.actions import set_severities
from mainstay.cases.models import Severity
from mainstay.cli.demo.people import COLLEAGUES, CUSTOMERS, ORGANIZATIONS, address
from mainstay.kernel import clock
from mainstay.mail.actions import make_mailbox
from mainstay.people.actions.agents import invite_agent, join
from mainstay.people.actions.profile import change_person, make_team
from mainstay.people.actions.recognise import recognise
from mainstay.people.models import Organization, Person, Team
from mainstay.promises.actions import make_calendar, set_targets, use_calendar

DOMAIN = "demo.example"
HOLIDAYS = {"01-01": "New Year", "05-01": "Labour Day", "10-03": "Unity Day", "12-25": "Christmas Day", "12-26": "Boxing Day"}
PASSWORD = "demo desk demo desk"  # noqa: S105 — the demo listens on 127.0.0.1 only, and signs in with one click anyway


@dataclass
class Company:
    teams: dict[str, Team]
    agents: dict[int, list[Person]]
    customers: list[Person]


def found() -> Company:
    """The company as it stood sixty days ago, with nobody's case yet."""
    teams = {
        "Support": make_team("Support", voice="Journeyware Support", phones="+1 512 555 0142, +49 30 5550 142"),
        "Billing": make_team("Billing", voice="Journeyware Billing", phones="+1 512 555 0150"),
    }
    set_severities(
        {
            1: ("Down", "Nobody can work, or data are at risk"),
            2: ("High", "Somebody can't do their work"),
            3: ("Normal", "Work goes on, with a detour"),
            4: ("Small", "A question or a wish"),
        },
        default=3,
        by=None,
    )
    _promise(teams)
    make_mailbox(f"support@{DOMAIN}", team=teams["Support"], name="Journeyware Support")
    make_mailbox(f"billing@{DOMAIN}", team=teams["Billing"], name="Journeyware Billing")
    agents = _colleagues(teams)
    return Company(teams, agents, _customers())


def _promise(teams: dict[str, Team]) -> None:
    weekdays = [[["08:00", "18:00"]]] * 4 + [[["08:00", "17:00"]], [], []]
    year = clock.now().year
    holidays = {f"{y}-{day}": name for y in (year, year + 1) for day, name in HOLIDAYS.items()}
    make_calendar("Journeyware hours", zone="Europe/Berlin", hours=weekdays, holidays=holidays, is_default=True, by=None)
    shorter = make_calendar("Billing hours", zone="Europe/Berlin", hours=[[["09:00", "16:00"]]] * 5 + [[], []], holidays=holidays, by=None)
    use_calendar(teams["Billing"], shorter, by=None)
    minutes = {1: (15, 60), 2: (60, 240), 3: (240, 600), 4: (480, 1800)}
    set_targets({level: minutes[level.level] for level in Severity.objects.all()}, by=None)


def _colleagues(teams: dict[str, Team]) -> dict[int, list[Person]]:
    agents: dict[int, list[Person]] = {team.id: [] for team in teams.values()}
    for colleague in COLLEAGUES:
        own = [teams[name] for name in colleague.teams]
        agent, secret = invite_agent(name=colleague.name, email=address(colleague.name, DOMAIN, 0), role=colleague.role, teams=own, by=None)
        join(secret, PASSWORD)
        person = agent.person
        change_person(person, by=person, time_zone=colleague.zone, signature=f"{colleague.name}\nJourneyware Support")
        if colleague.role == "agent":
            for team in own:
                agents[team.id].append(person)
    return agents


def _customers() -> list[Person]:
    for name, domain in ORGANIZATIONS.items():
        Organization.objects.create(name=name, domains=[domain])
    named = [(c.name, address(c.name, ORGANIZATIONS[c.organization], number)) for number, c in enumerate(CUSTOMERS)]
    known = recognise(named)
    return [known[email] for _, email in named]
