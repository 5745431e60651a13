"""Which times can be booked."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from kiosk.appointments.slots import Slot, Terms, slots_of
from kiosk.stations.hours import ALWAYS, ServiceHours, WeeklySpan, moment_of

FRIDAY = date(2026, 11, 20)
NIGHT = datetime(2026, 11, 19, 16, tzinfo=UTC)  # Friday begins in Shanghai
SHANGHAI = "Asia/Shanghai"


class Plan(NamedTuple):
    weekday: int
    opens: int
    closes: int
    slot_minutes: int = 30
    capacity: int = 2


OFFICE = (WeeklySpan(4, 9 * 60, 12 * 60), WeeklySpan(4, 13 * 60, 17 * 60))
LONG_MORNING = Plan(4, 8 * 60 + 30, 12 * 60 + 30)


def clocks(
    *plans: Plan,
    hours: ServiceHours = ALWAYS,
    day: date = FRIDAY,
    closures: tuple[tuple[date, date], ...] = (),
    after: datetime = NIGHT,
) -> list[str]:
    return [
        slot.starts_at.strftime("%-H:%M")
        for slot in found(*plans, hours=hours, day=day, closures=closures, after=after)
    ]


def found(
    *plans: Plan,
    hours: ServiceHours = ALWAYS,
    day: date = FRIDAY,
    closures: tuple[tuple[date, date], ...] = (),
    taken: dict[int, int] | None = None,
    after: datetime = NIGHT,
) -> list[Slot]:
    return slots_of(Terms(SHANGHAI, OFFICE, closures, hours, plans), day, taken or {}, after)


def test_slots_lie_within_the_doors_hours() -> None:
    assert clocks(LONG_MORNING) == ["9:00", "9:30", "10:00", "10:30", "11:00", "11:30"]


def test_slots_lie_within_the_service_s_own_hours() -> None:
    hours = ServiceHours((WeeklySpan(4, 10 * 60, 11 * 60),))
    assert clocks(LONG_MORNING, hours=hours) == ["10:00", "10:30"]
    assert clocks(LONG_MORNING, hours=ServiceHours(starts_on=date(2026, 11, 21))) == []


def test_a_slot_that_does_not_end_in_time_is_none() -> None:
    assert clocks(Plan(4, 9 * 60, 10 * 60 + 30, 60)) == ["9:00"]
    assert clocks(Plan(4, 11 * 60 + 30, 14 * 60, 60)) == []


def test_no_slots_on_other_days_and_on_holidays() -> None:
    assert clocks(LONG_MORNING, day=date(2026, 11, 21)) == []
    assert clocks(LONG_MORNING, closures=((FRIDAY, FRIDAY),)) == []


def test_what_has_begun_cannot_be_booked() -> None:
    ten = moment_of(FRIDAY, 600, SHANGHAI)
    assert clocks(LONG_MORNING, after=ten) == ["10:30", "11:00", "11:30"]
    assert clocks(LONG_MORNING, after=ten - timedelta(seconds=1))[0] == "10:00"


def test_places_left_never_fall_below_none() -> None:
    slots = found(LONG_MORNING, taken={540: 1, 570: 2, 600: 9})
    assert [slot.left for slot in slots] == [1, 0, 0, 2, 2, 2]


def test_the_last_slot_of_a_day_ends_at_midnight() -> None:
    terms = Terms(SHANGHAI, [WeeklySpan(4, 0, 1440)], (), ALWAYS, [Plan(4, 23 * 60, 1440, 60)])
    [slot] = slots_of(terms, FRIDAY, {}, NIGHT)
    assert slot.ends_at.isoformat() == "2026-11-21T00:00:00+08:00"
