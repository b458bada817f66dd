"""Who takes part."""

from __future__ import annotations

from django.db import transaction

from mainstay.cases.events import ParticipantAdded, ParticipantRemoved
from mainstay.cases.models import Case, Participant
from mainstay.events import record
from mainstay.people.models import Person


@transaction.atomic
def add_participant(case: Case, person: Person, *, by: Person) -> bool:
    """From now on replies go to this person too; somebody offered by a later mail becomes a participant by this. False when
    they take part already."""
    row, made = Participant.objects.get_or_create(case=case, person=person, defaults={"role": Participant.Role.COPIED})
    offered = Participant.objects.filter(pk=row.pk, role=Participant.Role.OFFERED).update(role=Participant.Role.COPIED)
    if made or offered:
        record(ParticipantAdded(case=case.id, actor=by.id, organization=case.organization_id, person=person.id, role="copied"))
    return bool(made or offered)


@transaction.atomic
def remove_participant(case: Case, person: Person, *, by: Person) -> bool:
    """Replies no longer go to this person; what they were addressed by stays theirs to see. The requester can't be removed."""
    gone, _ = Participant.objects.filter(case=case, person=person).exclude(role=Participant.Role.REQUESTER).delete()
    if gone:
        record(ParticipantRemoved(case=case.id, actor=by.id, organization=case.organization_id, person=person.id))
    return bool(gone)
