"""What can be found of a case, and by whom: its subject for the team and the requester, each message for those who were addressed
besides, notes for the team alone, people for the teams in whose cases they appear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db.models import QuerySet

from mainstay.cases.models import Audience, Case, Message, Note, Participant
from mainstay.kernel import html
from mainstay.kernel.compiled import Compiled
from mainstay.people.models import Address, Person
from mainstay.search.documents import SOURCES, Document

BATCH = 200
T = TypeVar("T")


def of_case(case: Case) -> Document:
    """The subject, and the number for those who type only its beginning."""
    people = [case.requester_id] if case.state != Case.State.SPAM else []
    return Document("case", case.id, case.opened_at, case.subject, str(case.number), case=case.id, teams=[case.team_id], people=people)


def of_message(message: Message, addressed: Iterable[int], insiders: set[int]) -> Document:
    """The new words of a message; what it quotes stands in the message it quotes. `insiders`: who takes part in its case."""
    return Document(
        "message",
        message.id,
        message.at,
        "",
        html.text_of(message.body) if message.format == Message.Format.HTML else message.visible,
        case=message.case_id,
        teams=[message.case.team_id],
        people=_readers(message, addressed, insiders),
    )


def _readers(message: Message, addressed: Iterable[int], insiders: set[int]) -> set[int]:
    """Whom `queries.messages_visible_to` shows it to in the portal."""
    if message.case.state == Case.State.SPAM:
        return set()
    if message.is_ours or message.author_id in insiders or message.author_id == message.case.requester_id:
        return {message.case.requester_id, *addressed}
    return {message.author_id} if message.author_id else set()


def of_note(note: Note) -> Document:
    """For the team alone; no customer is ever among its readers."""
    return Document("note", note.id, note.at, "", note.body, case=note.case_id, teams=[note.case.team_id])


def of_person(person: Person, addresses: Iterable[str], teams: Iterable[int] = ()) -> Document:
    """Name, addresses and organization. Colleagues are found by the whole desk."""
    organization = person.organization.name if person.organization else None
    return _of_person((person.id, person.name, person.created_at, organization), addresses, teams, is_agent=hasattr(person, "agent"))


def _of_person(who: Sequence[Any], addresses: Iterable[str], teams: Iterable[int], *, is_agent: bool) -> Document:
    pk, name, met_at, organization = who
    words = [*addresses, *([organization] if organization else [])]
    return Document("person", pk, met_at, name, "\n".join(words), teams=teams, is_for_desk=is_agent, widens=True)


def addresses_of(people: Iterable[int]) -> dict[int, list[str]]:
    """By person; one query."""
    return _by_person(Address.objects.filter(person__in=people).order_by("pk"))


def _by_person(rows: Iterable[Address]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row.value)
    return found


_WHO = ("message_id", "person_id", "person__name", "person__created_at", "person__organization__name", "person__agent__pk")
_ADDRESSED = Compiled(lambda pk: _addressed(Audience.objects.filter(message=pk)), int)


def _addressed(rows: QuerySet[Audience]) -> QuerySet[Audience, tuple[Any, ...]]:
    """One line for each address of each person whom a message addresses; one with nothing for those who have none."""
    return rows.order_by("person__addresses__pk").values_list(*_WHO, "person__addresses__value")


def everything_of(messages: Sequence[Message]) -> list[Document]:
    """These messages (with their cases) and the people whom they address, for one call of the index; two queries, one of them
    only where a writer is neither us nor who asked."""
    rows = _ADDRESSED(messages[0].id) if len(messages) == 1 else list(_addressed(Audience.objects.filter(message__in=messages)))
    people: dict[int, tuple[Any, ...]] = {}
    addressed: dict[int, list[int]] = defaultdict(list)
    addresses: dict[int, dict[str, None]] = defaultdict(dict)
    for message, person, name, met_at, organization, agent, address in rows:
        people[person] = ((person, name, met_at, organization), agent is not None)
        addressed[message].append(person)
        if address:
            addresses[person][address] = None
    insiders = _insiders(messages)
    found = [of_message(m, addressed[m.id], insiders[m.case_id]) for m in messages]
    met = {person: m.case.team_id for m in messages for person in addressed[m.id]}
    return [*found, *(_of_person(people[who][0], addresses[who], [team], is_agent=people[who][1]) for who, team in met.items())]


def _insiders(messages: Sequence[Message]) -> dict[int, set[int]]:
    """By case, who takes part in it, for the cases where that decides who may read."""
    found: dict[int, set[int]] = defaultdict(set)
    asked = {m.case_id for m in messages if not m.is_ours and m.author_id != m.case.requester_id}
    if asked:
        rows = Participant.objects.filter(case__in=asked).exclude(role=Participant.Role.OFFERED)
        for case, person in rows.values_list("case_id", "person_id"):
            found[case].add(person)
    return found


def _cases() -> Iterator[Document]:
    yield from map(of_case, Case.objects.order_by("pk").iterator(chunk_size=BATCH))


def _messages() -> Iterator[Document]:
    rows = Message.objects.filter(is_letter=False).select_related("case").order_by("pk").iterator(chunk_size=BATCH)
    for batch in _batches(rows):
        readers: dict[int, list[int]] = defaultdict(list)
        for message_id, person in Audience.objects.filter(message__in=batch).values_list("message_id", "person_id"):
            readers[message_id].append(person)
        insiders = _insiders(batch)
        yield from (of_message(message, readers[message.id], insiders[message.case_id]) for message in batch)


def _notes() -> Iterator[Document]:
    yield from map(of_note, Note.objects.select_related("case").order_by("pk").iterator(chunk_size=BATCH))


def _people() -> Iterator[Document]:
    rows = Person.objects.select_related("organization", "agent").order_by("pk")
    for batch in _batches(rows.iterator(chunk_size=BATCH)):
        teams: dict[int, set[int]] = defaultdict(set)
        for person, team in Participant.objects.filter(person__in=batch).values_list("person", "case__team").distinct():
            teams[person].add(team)
        for person, team in Case.objects.filter(requester__in=batch).values_list("requester", "team").distinct():
            teams[person].add(team)
        addresses = addresses_of(person.id for person in batch)
        found = (of_person(person, addresses[person.id], teams[person.id]) for person in batch)
        yield from (document for document in found if teams[document.object] or document.is_for_desk)


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


for _name, _source in (("cases", _cases), ("messages", _messages), ("notes", _notes), ("people", _people)):
    SOURCES.register(_name, _source)
