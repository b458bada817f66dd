"""A prepared query answers as the query set that it was built from."""

from __future__ import annotations

import pytest
from django.db.models import Exists, OuterRef

from mainstay.cases.models import Case, Message
from mainstay.kernel.prepared import Prepared
from mainstay.people.models import Address, Person
from tests.cast import MONDAY, words


def tuples(case: int):
    ours = Message.objects.filter(case=OuterRef("case"), is_ours=True)
    rows = Message.objects.filter(case=case).annotate(answered=Exists(ours)).order_by("id")
    return rows.values_list("id", "at", "is_ours", "case__requester__name", "author", "answered", "dated")


@pytest.fixture
def two(cast):
    from mainstay.cases.actions import receive, reply

    case, other = cast.case(), cast.case(requester=cast.dana)
    receive(case, words(cast.luis, dated=MONDAY))
    reply(other, words(cast.maya))
    return case, other


def test_tuples_are_those_of_the_query_set(two, django_assert_num_queries) -> None:
    prepared = Prepared(tuples, int)
    for key in (two[0].id, two[1].id, 0):
        assert prepared(key) == list(tuples(key))
        assert prepared.first(key) == tuples(key).first()
    with django_assert_num_queries(1):
        prepared(two[0].id)


def test_objects_come_with_what_is_joined_and_annotated(two, django_assert_num_queries) -> None:
    ours = Message.objects.filter(case=OuterRef("case"), is_ours=True)
    rows = Message.objects.select_related("case__team", "author").annotate(answered=Exists(ours)).order_by("id")
    prepared = Prepared(lambda case: rows.filter(case=case), int)
    for case in two:
        prepared(case.id)
        with django_assert_num_queries(1):
            found = [(m, m.at, m.dated, m.case.team.name, str(m.author), m.answered) for m in prepared(case.id)]
        assert found == [(m, m.at, m.dated, m.case.team.name, str(m.author), m.answered) for m in rows.filter(case=case)]
        assert not found[0][0]._state.adding


def test_what_is_deferred_stays_deferred(two) -> None:
    case = Prepared(lambda pk: Case.objects.filter(pk=pk).only("due_at", "due_what"), int).first(two[0].id)
    assert case.get_deferred_fields() >= {"subject", "state"}
    assert case.subject == two[0].subject


def test_words_and_several_values_find_their_places(two) -> None:
    prepared = Prepared(lambda value, person: Address.objects.filter(person=person, value=value), str, int)
    luis = two[0].requester
    assert [row.person for row in prepared("luis@harbor.example", luis.id)] == [luis]
    assert prepared("luis@harbor.example", two[1].requester_id) == []
    assert prepared("' OR 1=1 --", luis.id) == []


def test_it_is_built_once(two) -> None:
    built = []

    def build_and_tell(case: int):
        built.append(case)
        return tuples(case)

    prepared = Prepared(build_and_tell, int)
    for case in two:
        prepared(case.id)
    assert len(built) == 1


@pytest.mark.django_db
def test_a_query_that_forgets_a_value_is_refused_and_so_is_one_that_would_ask_again() -> None:
    with pytest.raises(ValueError, match="depend"):
        Prepared(lambda key: Case.objects.all(), int)(1)
    with pytest.raises(ValueError, match="prefetch"):
        Prepared(lambda key: Person.objects.filter(pk=key).prefetch_related("addresses"), int)(1)
