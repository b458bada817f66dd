"""What can be found of a case, and by whom: its subject for the team and the requester, each message for those who were addressed
besides, notes for the team alone, people for the teams in whose cases they appear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

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
    words = [*addresses, *([person.organization.name] if person.organization else [])]
    is_agent = hasattr(person, "agent")
    return Document("person", person.id, person.created_at, person.name, "\n".join(words), teams=teams, is_for_desk=is_agent, widens=True)


def addresses_of(people: Iterable[int]) -> dict[int, list[str]]:
    """By person; one query."""
    return _by_person(Address.objects.filter(person__in=people).order_by("pk"))


def _by_person(rows: Iterable[Address]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row.value)
    return found


_ADDRESSED = Compiled(lambda pk: Audience.objects.filter(message=pk).select_related("person__organization", "person__agent"), int)
_ADDRESSES = Compiled(lambda pk: Address.objects.filter(person__addressed_by__message=pk).order_by("pk"), int)


def everything_of(messages: Sequence[Message]) -> list[Document]:
    """These messages (with their cases) and the people whom they address, for one call of the index; three queries, one of them
    only where a writer is neither us nor who asked."""
    addressed: dict[int, list[Person]] = defaultdict(list)
    if len(messages) == 1:
        rows, addresses = _ADDRESSED(messages[0].id), _by_person(_ADDRESSES(messages[0].id))
    else:
        rows = list(Audience.objects.filter(message__in=messages).select_related("person__organization", "person__agent"))
        addresses = addresses_of({row.person_id for row in rows})
    for row in rows:
        addressed[row.message_id].append(row.person)
    insiders = _insiders(messages)
    found = [of_message(m, [person.id for person in addressed[m.id]], insiders[m.case_id]) for m in messages]
    people = {person.id: (person, m.case.team_id) for m in messages for person in addressed[m.id]}
    return [*found, *(of_person(person, addresses[person.id], [team]) for person, team in people.values())]


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
