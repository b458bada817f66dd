"""Two installations that are each other's customers, and machines that answer whatever they get: none of it goes round for long (P-21).

A run is one way in which mail gets damaged between them; each of them is run in `make test`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.faults.desks import Desk, desk
from tests.faults.postoffice import MARKS, THREAD, PostOffice, is_away, opened, refuses_late
from tests.jobs.processes import until

pytestmark = pytest.mark.usefixtures("db")

A_CASE, A_DAY = 2, 5
UNTHREADED = "nothing tells what is answered either"
DAMAGES = {"none": (), "machines are not known as such": MARKS, UNTHREADED: (*MARKS, *THREAD)}
NAMES = dict(zip(DAMAGES, ("support", "sales", "service"), strict=True))


@dataclass
class World:
    harbor: Desk
    corvid: Desk
    office: PostOffice

    def settles(self) -> None:
        """Nothing moves any more: not in one house, not in the other, not in between."""

        def is_still() -> bool:
            before = len(self.office.carried)
            return self.harbor.is_quiet and self.corvid.is_quiet and self.harbor.is_quiet and len(self.office.carried) == before

        until(is_still, seconds=60, what="the end of all that mail")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("desks")
    addresses = [[f"{name}@{house}.example" for name in NAMES.values()] for house in ("harbor", "corvid")]
    with pytest.MonkeyPatch.context() as patch, opened() as office:
        patch.setenv("ALLOWED_NETWORKS", "127.0.0.0/8")
        with (
            desk(folder / "harbor", *addresses[0], post_office=office.port) as harbor,
            desk(folder / "corvid", *addresses[1], post_office=office.port) as corvid,
        ):
            office.desks = {"harbor.example": harbor.product.smtp, "corvid.example": corvid.product.smtp}
            office.machines = {"away.example": is_away, "gone.example": refuses_late}
            yield World(harbor, corvid, office)


@pytest.fixture(params=DAMAGES)
def damage(request: pytest.FixtureRequest, world: World) -> str:
    world.office.lost = DAMAGES[request.param]
    world.office.carried.clear()
    return str(request.param)


def letters_per_case(house: Desk) -> list[int]:
    return [count for (count,) in house.rows("SELECT count(*) FROM cases_message WHERE is_letter GROUP BY case_id")]


def cases_of(house: Desk, address: str) -> int:
    return house.number(
        "SELECT count(*) FROM cases_case c JOIN people_address a ON a.person_id = c.requester_id"
        f" JOIN people_team t ON t.id = c.team_id WHERE a.value = '{address}'"
    )


def cases_made_by_answers(damage: str) -> int:
    """How many further cases one question may end in: none, unless nothing tells any more what is an answer to what."""
    return A_DAY if damage == UNTHREADED else 0


@pytest.mark.reliability("R-36")
def test_two_desks_that_answer_each_other_come_to_an_end(world: World, damage: str) -> None:
    ours, theirs = f"{NAMES[damage]}@harbor.example", f"{NAMES[damage]}@corvid.example"
    world.office.post(ours, theirs, "The export stays empty")
    world.settles()
    assert 1 <= cases_of(world.corvid, ours) <= 1 + cases_made_by_answers(damage)
    assert cases_of(world.harbor, theirs) <= 1 + cases_made_by_answers(damage)
    assert 1 <= world.office.to(ours) <= (A_DAY if damage == UNTHREADED else A_CASE)
    for number in range(10):
        world.office.post(ours, theirs, f"And another thing ({number})")
    posted = 11
    world.settles()
    assert world.office.to(ours) == A_DAY
    assert world.office.to(theirs) - posted <= A_DAY
    assert max(letters_per_case(world.corvid)) <= A_CASE
    assert max(letters_per_case(world.harbor), default=0) <= A_CASE


@pytest.mark.reliability("R-36")
@pytest.mark.parametrize("machine", ["away", "gone"])
def test_a_machine_that_answers_everything_ends_up_talking_to_nobody(world: World, damage: str, machine: str) -> None:
    customer, support = f"{NAMES[damage]}@{machine}.example", f"{NAMES[damage]}@corvid.example"
    world.office.post(customer, support, "Where is the mast?")
    world.settles()
    assert 1 <= cases_of(world.corvid, customer) <= 1 + cases_made_by_answers(damage)
    assert 1 <= world.office.to(customer) <= A_CASE
    for number in range(8):
        world.office.post(customer, support, f"Where is it? (asked {number} times)")
    world.settles()
    assert world.office.to(customer) == A_DAY
    assert 9 <= cases_of(world.corvid, customer) <= 9 + cases_made_by_answers(damage)
    assert max(letters_per_case(world.corvid)) <= A_CASE
