"""What lunch will bring: the mean of the same weekdays, and what is booked."""

from collections import Counter

import pytest

from kiosk.pickups.peak import lunch, quarter_of

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

NOON = 12 * 60
ROOM = Counter(dict.fromkeys(range(11 * 60, 14 * 60, 15), 10))


def past(*counts: int) -> list[Counter[int]]:
    return [Counter({NOON: count}) for count in counts]


def test_quarters_begin_at_quarters() -> None:
    assert [quarter_of(minute) for minute in (0, 14, 15, NOON + 44)] == [0, 0, 15, NOON + 30]


@pytest.mark.parametrize(
    ("counts", "booked", "expected"),
    [
        ((6, 8, 10, 12), 3, 9),
        ((6, 8, 10, 12), 11, 11),
        ((4, 5), 0, 5),
        ((40,), 3, 3),
        ((), 0, 0),
    ],
)
def test_bookings_lift_the_mean_and_one_day_is_none(
    counts: tuple[int, ...], booked: int, expected: int
) -> None:
    peak = lunch(past(*counts), Counter({NOON: booked}), ROOM, 0.5)
    quarter = next(one for one in peak.quarters if one.minute == NOON)
    assert (quarter.expected, peak.is_sure) == (expected, len(counts) > 1)
    assert (quarter.least, quarter.most) == (min(counts, default=0), max(counts, default=0))
    assert peak.total == expected


def test_short_slots_and_volunteers_are_told() -> None:
    peak = lunch(past(24, 24), Counter({NOON + 5: 1}), ROOM, 0.5)
    assert [quarter.minute for quarter in peak.tight] == [NOON]
    assert peak.busiest.minute == NOON
    # 24 items, half of them carried, two minutes each, in fifteen minutes.
    assert peak.volunteers == 2
    assert lunch(past(24, 24), Counter(), ROOM, 0.0).volunteers == 0
