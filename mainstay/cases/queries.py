"""Reading cases. `visible_to` is the one filter that every door starts from."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from mainstay.cases.models import Case, Message, Participant, Severity
from mainstay.kernel.compiled import Compiled
from mainstay.people.access import Asker, agent_of, team_ids
from mainstay.people.models import Person

COUNT_LIMIT = 1_000
_DEFAULT_SEVERITY = Compiled(lambda: Severity.objects.order_by("-is_default", "level")[:1])


def visible_to(person: Asker) -> QuerySet[Case]:
    """The cases that this person may see: an agent their teams' (an administrator every team's), a customer the ones they asked."""
    if not isinstance(person, Person) or not person.is_active:
        return Case.objects.none()
    agent = agent_of(person)
    if agent is None:
        return Case.objects.filter(requester=person).exclude(state=Case.State.SPAM)
    return Case.objects.filter(team__in=team_ids(person))


def messages_visible_to(person: Asker, case: Case) -> QuerySet[Message]:
    """The messages of the case that this person may read: all of them for its team; for its requester, and of those addressed to
    them for others, what we wrote and what people who take part wrote. What an outsider sent to a reply address stays with the
    team until an agent lets its writer take part: else anybody could have other companies' mails delivered into their case (S-035)."""
    everything = Message.objects.filter(case=case)
    if not isinstance(person, Person) or not person.is_active:
        return Message.objects.none()
    if agent_of(person) is not None and visible_to(person).filter(pk=case.pk).exists():
        return everything
    if case.state == Case.State.SPAM:
        return Message.objects.none()
    insiders = Participant.objects.filter(case=case).exclude(role=Participant.Role.OFFERED).values("person")
    theirs = everything.filter(Q(is_ours=True) | Q(author__in=insiders) | Q(author=person))
    return theirs if case.requester_id == person.id else theirs.filter(audience__person=person)


def default_severity() -> Severity:
    """Where a new case begins; the setup makes the levels, so there is always one. Raises LookupError before the setup."""
    severity = _DEFAULT_SEVERITY.first()
    if severity is None:
        raise LookupError("no severities are set up yet")
    return severity


def bounded_count(cases: QuerySet[Case]) -> int:
    """How many, counted to a thousand at most: queues must cost the same at a million cases."""
    return cases.order_by()[:COUNT_LIMIT].count()


def by_number(number: int | str) -> Case | None:
    """The case with this number, however it was written; doors narrow it with `visible_to` first."""
    digits = "".join(ch for ch in str(number) if ch.isdigit() and ch.isascii())
    return Case.objects.filter(number=int(digits)).first() if len(digits) == 9 else None


def appears_in_cases_of(person: Person, teams: Sequence[int]) -> bool:
    """Whether this person asked or takes part in any case of these teams."""
    return Case.objects.filter(Q(requester=person) | Q(participants__person=person), team__in=teams).exists()
