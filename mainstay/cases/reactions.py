"""What follows from what happens on a case: it can be found. Everything of one event goes into the index at once."""

from __future__ import annotations

from collections.abc import Sequence

from mainstay.cases import documents
from mainstay.cases.events import (
    CaseMoved,
    CaseOpened,
    MessageReceived,
    NoteAdded,
    ParticipantAdded,
    ParticipantRemoved,
    ReplySent,
    SpamMarked,
    SpamUnmarked,
    SubjectChanged,
)
from mainstay.cases.models import Case, Message, Note, Participant
from mainstay.events import EventKind, after
from mainstay.kernel.compiled import Compiled
from mainstay.people.events import AgentChanged, AgentInvited, PersonChanged
from mainstay.people.models import Person
from mainstay.search.actions import index
from mainstay.search.documents import Document
from mainstay.search.models import Entry

_MESSAGE = Compiled(lambda pk: Message.objects.select_related("case").filter(pk=pk), int)


@after(CaseOpened)
def find_the_case(event: CaseOpened) -> None:
    """The case, its first message, and the people it names."""
    messages = _MESSAGE(event.message)
    index([*(documents.of_case(message.case) for message in messages), *documents.everything_of(messages)])


@after(MessageReceived)
def find_the_message(event: MessageReceived) -> None:
    """The message, and the people it names."""
    index(documents.everything_of(_MESSAGE(event.message)))


@after(ReplySent)
def find_the_reply(event: ReplySent) -> None:
    """The message, and the people it goes to."""
    index(documents.everything_of(_MESSAGE(event.message)))


@after(NoteAdded)
def find_the_note(event: NoteAdded) -> None:
    index(documents.of_note(note) for note in Note.objects.select_related("case").filter(pk=event.note))


@after(SubjectChanged)
def find_the_subject(event: SubjectChanged) -> None:
    index(documents.of_case(case) for case in _cases(event))


@after(CaseMoved, SpamMarked, SpamUnmarked, ParticipantRemoved)
def find_by_its_new_readers(event: EventKind) -> None:
    """Other people may read the case now, so everything of it is told anew."""
    for case in _cases(event):
        messages = list(Message.objects.filter(case=case, is_letter=False).select_related("case"))
        notes = Note.objects.filter(case=case).select_related("case")
        index([documents.of_case(case), *documents.everything_of(messages), *map(documents.of_note, notes)])


@after(ParticipantAdded)
def find_who_takes_part(event: ParticipantAdded) -> None:
    """The person is met in this team; and once they take part, what they wrote before is read by the others (S-035)."""
    for case in _cases(event):
        index(_people(event.person, [case.team_id]))
        if event.role != Participant.Role.OFFERED:
            index(documents.everything_of(list(Message.objects.filter(case=case, author=event.person).select_related("case"))))


@after(PersonChanged, AgentInvited, AgentChanged)
def find_by_the_new_name(event: EventKind) -> None:
    """Readers stay whom they were; a person whom nobody has met in a case is found by nobody, an agent by every colleague."""
    who = event.data()["person"]
    known = Entry.objects.filter(kind="person", object=who).exists()
    index(one for one in _people(who) if one.is_for_desk or known)


def _cases(event: EventKind) -> list[Case]:
    return list(Case.objects.filter(pk=event.case)) if event.case else []


def _people(who: int, teams: Sequence[int] = ()) -> list[Document]:
    addresses = documents.addresses_of([who])
    people = Person.objects.select_related("organization", "agent").filter(pk=who)
    return [documents.of_person(person, addresses[person.id], teams) for person in people]
