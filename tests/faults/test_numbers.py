"""Many processes open cases at the same moment, and some of them fail in the middle: no number is ever given twice (P-12).

A run is one number of processes; a few in `make test`, twenty with fifty cases each in `make faults`.
"""

from __future__ import annotations

import os

import pytest
from django.db import IntegrityError, transaction

from mainstay.cases.models import Case
from tests.cast import Cast
from tests.faults import zygote

PROCESSES, EACH = (20, 50) if os.environ.get("MAINSTAY_ALL_SEEDS") else (6, 25)


@pytest.mark.reliability("R-46")
@pytest.mark.parametrize("fails_every", [0, 3])
def test_twenty_processes_give_a_thousand_numbers_and_none_twice(cast_committed: Cast, fails_every: int) -> None:
    """Nobody has opened a case before, so that they race for the counter's first row, too."""
    opened = zygote.open_cases(PROCESSES, EACH, fails_every=fails_every, requester=cast_committed.luis.pk, team=cast_committed.support.pk)
    numbers = [number for one in opened for number in one]
    failed = EACH // fails_every if fails_every else 0
    assert len(numbers) == PROCESSES * (EACH - failed)
    assert len(set(numbers)) == len(numbers)
    assert set(numbers) == set(Case.objects.values_list("number", flat=True))
    assert all(100_000_000 <= number <= 999_999_999 for number in numbers)


@pytest.mark.reliability("R-46")
def test_the_database_itself_refuses_a_number_that_stands(cast_committed: Cast) -> None:
    case, other = cast_committed.case(), cast_committed.case()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=other.pk).update(number=case.number)
