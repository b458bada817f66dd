"""A query that is compiled once gives what the queryset gives."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q

from mainstay.cases.models import Case, Message
from mainstay.events.models import Event
from mainstay.kernel import clock
from mainstay.kernel.compiled import Compiled, change, insert, insert_all
from mainstay.people.models import Address, Person

BY_PK = Compiled(lambda pk: Person.objects.filter(pk=pk), int)
BY_ADDRESS = Compiled(lambda value: Address.objects.filter(kind="email", value=value).select_related("person__organization"), str)
SINCE = Compiled(
    lambda at, name: Person.objects.filter(Q(created_at__gte=at), ~Q(name=name)).order_by("-pk")[:3],
    datetime,
    str,
)
COUNTED = Compiled(lambda pk: Case.objects.filter(pk=pk).annotate(said=Count("messages"), asker=F("requester__name")), int)
TUPLES = Compiled(
    lambda pk: Case.objects.filter(pk=pk).annotate(asker=F("requester__name")).values_list("number", "opened_at", "asker"), int
)


def test_rows_relations_and_types_are_the_same(cast):
    assert BY_PK.first(cast.luis.pk) == cast.luis
    assert BY_PK.first(cast.luis.pk).created_at == Person.objects.get(pk=cast.luis.pk).created_at
    assert BY_PK.first(10**9) is None
    found = BY_ADDRESS.first("luis@harbor.example")
    assert found.person.organization == cast.harbor
    assert type(found.verified_at) is type(Address.objects.get(pk=found.pk).verified_at)


def test_related_rows_cost_no_query_afterwards(cast, django_assert_num_queries):
    BY_ADDRESS("warm@up.example")
    with django_assert_num_queries(1):
        assert BY_ADDRESS.first("luis@harbor.example").person.organization.name == "Harbor Clinics"


def test_a_missing_relation_is_none(cast):
    assert BY_ADDRESS.first("zoe@elsewhere.example").person.organization is None


def test_moments_orders_and_limits_hold(cast):
    then = clock.now() - timedelta(days=1)
    assert SINCE(then, "Luis Almeida") == list(Person.objects.exclude(name="Luis Almeida").order_by("-pk")[:3])
    assert SINCE(clock.now() + timedelta(days=1), "Luis Almeida") == []


def test_annotations_come_along_and_the_row_can_be_saved(cast):
    case = cast.case()
    row = COUNTED.first(case.pk)
    assert (row.said, row.asker) == (1, "Luis Almeida")
    row.subject = "Changed"
    row.save(update_fields=["subject"])
    case.refresh_from_db()
    assert case.subject == "Changed"


def test_tuples_are_tuples_with_python_s_types(cast):
    case = cast.case()
    case.refresh_from_db()
    assert TUPLES(case.pk) == [(case.number, case.opened_at, "Luis Almeida")]


def test_fields_that_are_left_out_are_read_when_they_are_asked_for(cast):
    case = cast.case(subject="Later")
    only = Compiled(lambda pk: Case.objects.filter(pk=pk).only("due_at"), int).first(case.pk)
    assert only.get_deferred_fields()
    assert only.subject == "Later"


def test_what_can_not_be_compiled_says_so(cast):
    with pytest.raises(ValueError, match="prefetch"):
        Compiled(lambda pk: Person.objects.filter(pk=pk).prefetch_related("addresses"), int)(1)
    with pytest.raises(ValueError, match="nowhere"):
        Compiled(lambda pk: Message.objects.all(), int)(1)


def test_rows_are_written_as_save_writes_them(cast):
    written = insert(Person(name="Åse Øvrebø", organization=cast.harbor))
    assert Person.objects.get(pk=written.pk).organization == cast.harbor
    assert Person.objects.get(pk=written.pk).created_at == written.created_at
    assert not written._state.adding
    written.name = "Åse"
    written.save()
    assert Person.objects.get(pk=written.pk).name == "Åse"


def test_several_rows_get_their_own_keys_in_one_statement(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        one, two = insert_all(Address(person=cast.luis, value=f"luis{number}@home.example") for number in (1, 2))
    assert list(Address.objects.filter(value__startswith="luis").order_by("pk")) == [cast.luis.addresses.first(), one, two]
    with django_assert_num_queries(0):
        assert insert_all([]) == []


def test_a_row_that_is_there_already_is_refused(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Address(person=cast.zoe, value="luis@harbor.example"))


def test_json_and_moments_come_back(cast):
    event = insert(Event(at=clock.now(), kind="x.y", data={"a": ["ü", None, 1]}))
    assert Event.objects.get(pk=event.pk).data == {"a": ["ü", None, 1]}
    assert Event.objects.get(pk=event.pk).at == event.at


def test_a_change_is_what_an_update_is(cast):
    case = cast.case()
    then = clock.now()
    assert change(Case, {"id": case.pk, "state": Case.State.OPEN}, subject="Another", due_at=then, owner_id=cast.maya.pk) == 1
    assert change(Case, {"id": case.pk, "state": Case.State.RESOLVED}, subject="Nobody sees this") == 0
    case.refresh_from_db()
    assert (case.subject, case.due_at, case.owner) == ("Another", then, cast.maya)
