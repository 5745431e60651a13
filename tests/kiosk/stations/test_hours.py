"""When a station is open, on its own wall clock."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk.stations.hours import ServiceHours, WeeklySpan, opening

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Hours:
    weekday: int
    opens: int
    closes: int


WEEK = [Hours(day, start, end) for day in range(5) for start, end in ((540, 720), (780, 1080))]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(20, 8, 59), False),
        (at(20, 9, 0), True),
        (at(20, 11, 59), True),
        (at(20, 12, 0), False),
        (at(20, 13, 0), True),
        (at(20, 18, 0), False),
        (at(21, 10, 0), False),
    ],
)
def test_open_from_the_first_minute_to_the_last(moment: datetime, *, is_open: bool) -> None:
    assert opening(WEEK, moment).is_open is is_open


@pytest.mark.parametrize(
    ("moment", "next_opens"),
    [
        (at(20, 8, 0), at(20, 9, 0)),
        (at(20, 12, 30), at(20, 13, 0)),
        (at(20, 18, 0), at(23, 9, 0)),
        (at(22, 23, 59), at(23, 9, 0)),
        (at(30, 18, 0), datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)),
    ],
)
def test_next_opening(moment: datetime, next_opens: datetime) -> None:
    assert opening(WEEK, moment).next_opens == next_opens


def test_open_all_day_up_to_midnight() -> None:
    always = [Hours(day, 0, 1440) for day in range(7)]
    state = opening(always, at(20, 23, 59))
    assert (state.is_open, state.all_day, state.next_opens) == (True, True, None)


def test_today_s_hours_in_words() -> None:
    assert opening(WEEK, at(20, 10)).today == "9:00–12:00, 13:00–18:00"
    assert opening(WEEK, at(21, 10)).today == ""


def test_never_open() -> None:
    state = opening([], at(20, 10))
    assert (state.is_open, state.next_opens) == (False, None)


def test_once_a_week_looks_a_whole_week_ahead() -> None:
    assert opening([Hours(4, 540, 600)], at(20, 10)).next_opens == at(27, 9)


# 20 November 2026 is a Friday; Tuesday and Thursday mornings.
MORNINGS = (WeeklySpan(1, 540, 690), WeeklySpan(3, 540, 690))


@pytest.mark.parametrize(
    ("hours", "moment", "holds", "begins"),
    [
        (ServiceHours(), at(20, 10), True, None),
        (ServiceHours(MORNINGS), at(19, 9), True, None),
        (ServiceHours(MORNINGS), at(19, 11, 30), False, at(24, 9)),
        (ServiceHours(MORNINGS), at(19, 8), False, at(19, 9)),
        (ServiceHours(MORNINGS), at(20, 10), False, at(24, 9)),
        (ServiceHours(MORNINGS, starts_on=date(2026, 11, 25)), at(20, 10), False, at(26, 9)),
        (ServiceHours(MORNINGS, ends_on=date(2026, 11, 23)), at(20, 10), False, None),
        (ServiceHours(starts_on=date(2026, 11, 24)), at(20, 10), False, at(24, 0)),
        (ServiceHours(starts_on=date(2026, 11, 20)), at(20, 0), True, None),
        (ServiceHours(ends_on=date(2026, 11, 20)), at(20, 23, 59), True, None),
        (ServiceHours(ends_on=date(2026, 11, 20)), at(21, 0), False, None),
    ],
)
def test_service_has_hours_and_days_of_its_own(
    hours: ServiceHours, moment: datetime, *, holds: bool, begins: datetime | None
) -> None:
    assert hours.hold(moment) is holds
    if not holds:
        assert hours.next(moment) == begins


def test_hours_outside_the_doors_are_named() -> None:
    early, late = WeeklySpan(0, 480, 600), WeeklySpan(0, 1020, 1080)
    over_noon = WeeklySpan(2, 600, 840)
    hours = ServiceHours((early, late, over_noon, WeeklySpan(6, 540, 600)))
    assert hours.outside(WEEK) == [early, over_noon, WeeklySpan(6, 540, 600)]
    touching = [Hours(2, 600, 720), Hours(2, 720, 840)]
    assert ServiceHours((over_noon,)).outside(touching) == []


def test_hours_are_told_by_days() -> None:
    spans = (*MORNINGS, WeeklySpan(4, 540, 690), WeeklySpan(4, 780, 840))
    assert ServiceHours(spans).by_days == [
        ([1, 3], "9:00–11:30"),
        ([4], "9:00–11:30, 13:00–14:00"),
    ]
