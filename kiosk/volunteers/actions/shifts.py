"""The manager adds shifts, single ones and weekly ones, changes them, and calls them off."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from kiosk import clock, live
from kiosk.actor import Actor
from kiosk.db import insert_into, session
from kiosk.pickups.models import StoragePoint
from kiosk.refusal import Refusal
from kiosk.stations.actions import hold
from kiosk.stations.hours import is_within, moment_of
from kiosk.stations.queries import closed_days
from kiosk.volunteers.actions.rows import change, fresh, shift_over, write_down
from kiosk.volunteers.actions.signing import move_up
from kiosk.volunteers.models import STANDS, News, Shift, ShiftSeries, SignUpState
from kiosk.volunteers.queries import DAYS_AHEAD, sign_ups_at


@dataclass(frozen=True)
class Times:
    """From when to when, as minutes since midnight; 1440 is the midnight after it."""

    opens: int
    closes: int

    def moments(self, day: date, timezone: str) -> tuple[datetime, datetime]:
        """Return when they begin and end on a day of a time zone."""
        return moment_of(day, self.opens, timezone), moment_of(day, self.closes, timezone)


def add_shift(
    point: StoragePoint, day: date, times: Times, places: int, *, by: Actor, at: datetime
) -> Shift:
    """Add one shift at a point."""
    starts_at, ends_at = times.moments(day, point.station.timezone)
    if ends_at <= at:
        raise Refusal("shifts.past", "This time is over. Choose a later one.")
    shift = Shift(
        station=point.station,
        point=point,
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        places=places,
        taken=0,
        created_at=at,
        revision=0,
    )
    session.add(shift)
    session.flush()
    write_down(shift, "add", by=by, at=at)
    return shift


def add_series(
    point: StoragePoint,
    weekdays: Collection[int],
    times: Times,
    places: int,
    *,
    at: datetime,
    is_sample: bool = False,
) -> ShiftSeries:
    """Add a shift on some days of every week; those of the coming two weeks are there at once."""
    series = ShiftSeries(
        station=point.station,
        point=point,
        weekdays="".join(str(day) for day in sorted(set(weekdays))),
        opens=times.opens,
        closes=times.closes,
        places=places,
        is_sample=is_sample,
        starts_on=clock.day_at(at, point.station.timezone),
        created_at=at,
    )
    session.add(series)
    session.flush()
    _make(series, at)
    return series


def stop_series(series: ShiftSeries, *, by: Actor, at: datetime) -> None:
    """Add no more of these; those to come for which nobody signed up are called off."""
    hold(series.station_id)
    series.stopped_at = at
    session.flush()
    live.changed(f"shifts:{series.station.code}")
    coming = select(Shift).where(
        Shift.series_id == series.id, Shift.starts_at > at, Shift.called_off_at.is_(None)
    )
    for shift in session.scalars(coming.order_by(Shift.id)).all():
        if not any(entry.stands for entry in sign_ups_at(fresh(shift))):
            call_off(shift, by=by, at=at)


def make_ahead(at: datetime) -> None:
    """Add the shifts of the coming two weeks that weekly patterns ask for."""
    going = select(ShiftSeries).where(ShiftSeries.stopped_at.is_(None))
    for series in session.scalars(going.order_by(ShiftSeries.station_id, ShiftSeries.id)).all():
        _make(series, at)


def _make(series: ShiftSeries, at: datetime) -> None:
    station = series.station
    today = clock.day_at(at, station.timezone)
    last = today + timedelta(days=DAYS_AHEAD - 1)
    day = max(series.starts_on, today)
    if series.made_until is not None:
        day = max(day, series.made_until + timedelta(days=1))
    if day > last:
        return
    hold(station.id)
    session.refresh(series)
    if series.stopped_at is not None:
        return
    closures = closed_days(station, day)
    times = Times(series.opens, series.closes)
    while day <= last:
        starts_at, ends_at = times.moments(day, station.timezone)
        if str(day.weekday()) in series.weekdays and ends_at > at and not is_within(closures, day):
            statement = insert_into(Shift).values(
                station_id=station.id,
                point_id=series.point_id,
                series_id=series.id,
                day=day,
                starts_at=starts_at,
                ends_at=ends_at,
                places=series.places,
                taken=0,
                is_sample=series.is_sample,
                created_at=at,
                revision=0,
            )
            session.execute(statement.on_conflict_do_nothing(index_elements=["series_id", "day"]))
        day += timedelta(days=1)
    series.made_until = last
    session.flush()
    live.changed(f"shifts:{station.code}")


def change_shift(
    shift: Shift,
    point: StoragePoint,
    times: Times,
    places: int,
    *,
    by: Actor,
    at: datetime,
) -> Shift:
    """Change where, when, and for how many; everybody signed up is told of another time or point.

    More places go to those in line.
    """
    fresh(shift)
    starts_at, ends_at = times.moments(shift.day, shift.station.timezone)
    _refuse_change(shift, ends_at, places, at)
    moved = (shift.point_id, shift.starts_at, shift.ends_at) != (point.id, starts_at, ends_at)
    session.execute(
        update(Shift)
        .where(Shift.id == shift.id)
        .values(
            point_id=point.id,
            starts_at=starts_at,
            ends_at=ends_at,
            places=places,
            revision=Shift.revision + 1,
        )
        .execution_options(synchronize_session=False)
    )
    session.refresh(shift)
    write_down(shift, "change", by=by, at=at)
    if moved:
        for entry in sign_ups_at(shift):
            if entry.stands:
                change(entry, entry.state, "told", by=by, at=at, news=News.CHANGED)
    move_up(shift, at)
    return shift


def _refuse_change(shift: Shift, ends_at: datetime, places: int, at: datetime) -> None:
    if not shift.is_on or shift.ends_at <= at:
        raise shift_over()
    if ends_at <= at:
        raise Refusal("shifts.past", "This time is over. Choose a later one.")
    if places < shift.taken:
        raise Refusal(
            "shifts.fewer",
            "%(count)s people have a place already. Take somebody off first, or keep as many.",
            count=shift.taken,
        )


def call_off(shift: Shift, *, by: Actor, at: datetime, reason: str = "") -> Shift:
    """Let a shift not take place; everybody signed up is told. Twice is the same as once."""
    fresh(shift)
    if not shift.is_on:
        return shift
    if shift.ends_at <= at:
        raise shift_over()
    if any(entry.state is SignUpState.ON_DUTY for entry in sign_ups_at(shift)):
        raise Refusal("shifts.being_served", "Somebody is on duty. Shorten the shift instead.")
    session.execute(
        update(Shift)
        .where(Shift.id == shift.id)
        .values(called_off_at=at, taken=0, revision=Shift.revision + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(shift)
    write_down(shift, "call_off", by=by, at=at, reason=reason)
    after = SignUpState.CALLED_OFF
    for entry in sign_ups_at(shift):
        if entry.state in STANDS:
            change(entry, after, "call_off", by=by, at=at, offer=None, news=News.CALLED_OFF)
    return shift
