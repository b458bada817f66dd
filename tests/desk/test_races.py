"""Many at once: real threads, real commits, both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from mainstay.cases.models import Case, Message, OwnerSpan
from mainstay.events.models import Event
from mainstay.jobs import run_all
from mainstay.kernel import clock
from mainstay.people.models import Agent, Person
from tests.desk.sitting import client_of, composer_of

AGENTS = 50


def at_once(acts):
    """Run the acts in threads that start together; their results in order."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=60)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.reliability("R-42")
def test_of_fifty_agents_who_take_a_case_at_once_one_has_it_and_the_others_are_told_who(cast_committed):
    cast = cast_committed
    people = []
    for number in range(AGENTS):
        person = Person.objects.create(name=f"Agent {number}", email=f"agent{number}@journeyware.example")
        Agent.objects.create(person=person).teams.set([cast.support])
        people.append(person)
    case = cast.case()
    clients = [client_of(person) for person in people]
    statuses = at_once([lambda client=client: client.post(f"/desk/cases/{case.number}/claim").status_code for client in clients])
    case.refresh_from_db()
    assert case.owner in people
    assert sorted(statuses) == [303, *[409] * (AGENTS - 1)]
    assert OwnerSpan.objects.filter(case=case).count() == 1
    assert Event.objects.filter(case=case.pk, kind="case.assigned").count() == 1


@pytest.mark.reliability("R-34")
def test_a_reply_that_a_browser_sends_five_times_at_once_goes_out_once(cast_committed):
    cast = cast_committed
    case, clients = cast.case(), [client_of(cast.maya) for _ in range(5)]
    form = {**composer_of(clients[0], case), "text": "once", "do": "send"}
    statuses = at_once([lambda client=client: client.post(f"/desk/cases/{case.number}/reply", form).status_code for client in clients])
    assert set(statuses) == {303}
    run_all(until=clock.now() + timedelta(minutes=1))
    assert Message.objects.filter(case=case, is_ours=True, is_letter=False).count() == 1


@pytest.mark.reliability("R-43")
def test_two_who_change_the_aim_at_once_lose_nothing_silently(cast_committed):
    cast = cast_committed
    case, clients = cast.case(), [client_of(cast.maya), client_of(cast.tom)]
    wanted = ["send the hours", "close the month"]
    statuses = at_once(
        [
            lambda client=client, aim=aim: client.post(f"/desk/cases/{case.number}/aim", {"was": "", "aim": aim}).status_code
            for client, aim in zip(clients, wanted, strict=True)
        ]
    )
    assert sorted(statuses) == [303, 409]
    assert Case.objects.get(pk=case.pk).aim == wanted[statuses.index(303)]
