"""The range that a visitor is told, and why it grew."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from kiosk.tickets.forecast import Staffing, Wait, wait
from kiosk.tickets.outlook import Expected, Outlook, Reason, Told

AT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("minutes", "is_heard"), [(0, True), (3, True), (4, False), (-3, True), (-4, False)]
)
def test_a_word_counts_while_it_is_fresh(minutes: int, *, is_heard: bool) -> None:
    """One that seems to come from the future was said before the clock was set back."""
    said = Outlook()
    said.tell(1, Told(AT))
    assert (said.of(1, AT + timedelta(minutes=minutes)) is not None) is is_heard


@pytest.mark.parametrize(
    ("ahead", "counters", "reason"),
    [
        (3, 1, Reason.COUNTER_PAUSED),
        (5, 2, Reason.PEOPLE_BEFORE_YOU),
        (3, 2, Reason.VISITS_TAKE_LONGER),
    ],
)
def test_a_reason_when_it_grows(ahead: int, counters: int, reason: Reason) -> None:
    said = Outlook()
    said.tell(1, Told(AT, {7: Expected(Wait(8, 15), ahead=3, counters=2)}))
    said.tell(1, Told(AT, {7: Expected(Wait(15, 25), ahead=ahead, counters=counters)}))
    said.tell(1, Told(AT, {7: Expected(Wait(15, 25), ahead=ahead, counters=counters)}))
    told = said.of(1, AT)
    assert told is not None
    assert told.tickets[7].reason is reason
    said.tell(1, Told(AT, {7: Expected(Wait(8, 15), ahead=ahead, counters=counters)}))
    told = said.of(1, AT)
    assert told is not None
    assert told.tickets[7].reason is None
