"""The range that a visitor is told."""

from itertools import pairwise

import pytest

from kiosk.tickets.forecast import Staffing, Wait, wait


@pytest.mark.parametrize(
    ("ahead", "counters", "busy", "expected"),
    [
        (0, 1, 0, Wait(0, 0)),
        (0, 1, 1, Wait(0, 10)),
        (0, 0, 0, Wait(0, 10)),
        (1, 1, 1, Wait(6, 25)),
        (6, 2, 2, Wait(15, 50)),
        (6, 4, 4, Wait(9, 25)),
    ],
)
def test_range(ahead: int, counters: int, busy: int, expected: Wait) -> None:
    assert wait(ahead, Staffing(counters, busy), 10) == expected


def test_range_grows_with_everybody_ahead() -> None:
    ranges = [wait(ahead, Staffing(2, 2), 8) for ahead in range(50)]
    assert all(
        before.low_minutes <= after.low_minutes and before.high_minutes <= after.high_minutes
        for before, after in pairwise(ranges)
    )
