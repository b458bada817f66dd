"""Opening a case."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import connection, transaction

from mainstay.cases.actions.words import Words, write_message
from mainstay.cases.events import CaseOpened
from mainstay.cases.models import Case, CaseCounter, Message, Participant, Severity
from mainstay.cases.queries import default_severity
from mainstay.events import record
from mainstay.kernel import ids
from mainstay.kernel.compiled import insert, insert_all
from mainstay.people.models import Person, Team

SUBJECT_LIMIT = 500
_NEXT = {
    "sqlite": "UPDATE cases_casecounter SET next = next + 1 RETURNING next, key",
    "postgresql": "SELECT nextval('cases_number'), key FROM cases_casecounter ORDER BY id LIMIT 1",
}


@transaction.atomic(savepoint=False)
def open_case(
    words: Words,
    *,
    requester: Person,
    subject: str,
    team: Team,
    copied: Sequence[Person] = (),
    severity: Severity | None = None,
    language: str = "",
    actor: Person | None = None,
    answerable: bool = True,
) -> Message:
    """A new case, by its first message, from the requester; the people copied on it take part. Promises count from `words.at`."""
    level = severity or default_severity()
    case = insert(
        Case(
            number=next_number(),
            subject=" ".join(subject.split())[:SUBJECT_LIMIT],
            requester=requester,
            organization_id=requester.organization_id,
            team=team,
            channel=words.channel,
            language=language,
            opened_at=words.at,
            severity=level,
            last_message_at=words.at,
            message_count=1,
        )
    )
    message = write_message(case, words, is_ours=False)
    _take_part(case, requester, copied)
    record(_opened(case, message, actor or requester, answerable))
    return message


def _opened(case: Case, message: Message, actor: Person, answerable: bool) -> CaseOpened:
    return CaseOpened(
        case=case.id,
        actor=actor.id,
        organization=case.organization_id,
        message=message.id,
        channel=case.channel,
        team=case.team_id,
        severity=case.severity_id,
        answerable=answerable,
    )


def _take_part(case: Case, requester: Person, copied: Sequence[Person]) -> None:
    roles = {person.id: Participant.Role.COPIED for person in copied} | {requester.id: Participant.Role.REQUESTER}
    insert_all(Participant(case=case, person_id=person, role=role, since=case.opened_at) for person, role in roles.items())


def next_number() -> int:
    """The next case number: nine digits that can't be guessed from another's, never given twice. Inside a transaction; a
    rolled-back number is not used again on PostgreSQL, and on SQLite rolls back with its case, unseen."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT[connection.vendor])
        row = cursor.fetchone()
        if row is None:
            _first_counter()
            cursor.execute(_NEXT[connection.vendor])
            row = cursor.fetchone()
    return ids.case_number(row[0], bytes(row[1]))


def _first_counter() -> None:
    # pk=1: of two processes that open the very first case at once, one gets the other's row.
    CaseCounter.objects.bulk_create([CaseCounter(pk=1, key=secrets.token_bytes(32))], ignore_conflicts=True)
