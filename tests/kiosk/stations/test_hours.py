"""When a station is open, on its own wall clock."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk.stations.hours import opening

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
