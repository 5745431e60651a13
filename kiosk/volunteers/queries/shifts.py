"""Questions about shifts, and who signed up for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from kiosk import clock
from kiosk.db import session
from kiosk.refusal import NotFound
from kiosk.stations.models import Station
from kiosk.volunteers.models import (
    HOLDS,
    STANDS,
    Shift,
    ShiftEvent,
    ShiftSeries,
    SignUp,
    SignUpState,
    Volunteer,
)

DAYS_AHEAD = 14


@dataclass(frozen=True)
class DayOfShifts:
    """A day of the coming two weeks and its shifts."""

    day: date
    shifts: Sequence[Shift]

    @property
    def left(self) -> int:
        """How many places are free or offered on it."""
        return sum(shift.left + shift.offered for shift in self.shifts)


@dataclass(frozen=True)
class Hours:
    """What a volunteer did in a time: shifts, minutes, and how often they did not come."""

    volunteer: Volunteer
    shifts: int
    minutes: int
    no_shows: int


def open_shifts(station: Station, at: datetime) -> Sequence[Shift]:
    """Return the shifts of the coming two weeks that are not over, in order."""
    last = clock.day_at(at, station.timezone) + timedelta(days=DAYS_AHEAD)
    return session.scalars(
        select(Shift)
        .where(
            Shift.station_id == station.id,
            Shift.day < last,
            Shift.ends_at > at,
            Shift.called_off_at.is_(None),
        )
        .order_by(Shift.starts_at, Shift.id)
        .options(selectinload(Shift.sign_ups))
    ).all()


def days_of(station: Station, at: datetime) -> list[DayOfShifts]:
    """Return the coming two weeks, days without shifts among them."""
    shifts = open_shifts(station, at)
    today = clock.day_at(at, station.timezone)
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
    return [DayOfShifts(day, [shift for shift in shifts if shift.day == day]) for day in days]


def shifts_between(station: Station, since: date, until: date) -> Sequence[Shift]:
    """Return a station's shifts of some days, called off ones among them; `until` excluded."""
    return session.scalars(
        select(Shift)
        .where(Shift.station_id == station.id, Shift.day >= since, Shift.day < until)
        .order_by(Shift.starts_at, Shift.id)
        .options(selectinload(Shift.sign_ups))
    ).all()


def get_shift(station: Station, shift_id: int) -> Shift:
    """Return a shift of a station; refuse an unknown one."""
    shift = session.get(Shift, shift_id)
    if shift is None or shift.station_id != station.id:
        raise NotFound("shifts.unknown", "There is no such shift. Look at the list again.")
    return shift


def version_of_shifts() -> int:
    """Return a number that grows whenever a shift is added or something happens to one."""
    last = (session.scalar(select(func.max(table.id))) for table in (Shift, ShiftEvent))
    return sum(number or 0 for number in last)


def series_of(station: Station) -> Sequence[ShiftSeries]:
    """Return the weekly patterns that go on."""
    return session.scalars(
        select(ShiftSeries)
        .where(ShiftSeries.station_id == station.id, ShiftSeries.stopped_at.is_(None))
        .order_by(ShiftSeries.opens, ShiftSeries.id)
    ).all()


def get_series(station: Station, series_id: int) -> ShiftSeries:
    """Return a weekly pattern of a station; refuse an unknown one."""
    series = session.get(ShiftSeries, series_id)
    if series is None or series.station_id != station.id:
        raise NotFound("shifts.no_series", "These shifts do not repeat any more.")
    return series


def find_volunteer(token: str) -> Volunteer | None:
    """Return a volunteer by their token."""
    return session.scalar(select(Volunteer).where(Volunteer.token == token)) if token else None


def get_volunteer(token: str) -> Volunteer:
    """Return a volunteer by their token; refuse an unknown one."""
    volunteer = find_volunteer(token)
    if volunteer is None:
        raise NotFound("volunteers.unknown", "We do not know this page. Sign up for a shift again.")
    return volunteer


def sign_ups_of(volunteer: Volunteer) -> Sequence[SignUp]:
    """Return everything that a volunteer signed up for, the earliest shift first."""
    return session.scalars(
        select(SignUp)
        .join(Shift, Shift.id == SignUp.shift_id)
        .where(SignUp.volunteer_id == volunteer.id)
        .order_by(Shift.starts_at, SignUp.id)
    ).all()


def get_sign_up(volunteer: Volunteer, sign_up_id: int) -> SignUp:
    """Return one of a volunteer's sign-ups; refuse an unknown one."""
    sign_up = session.get(SignUp, sign_up_id)
    if sign_up is None or sign_up.volunteer_id != volunteer.id:
        raise NotFound("shifts.not_signed", "You are not signed up for this shift.")
    return sign_up


def find_standing(shift: Shift, volunteer: Volunteer) -> SignUp | None:
    """Return a volunteer's place in a shift or on its list."""
    return session.scalar(
        select(SignUp).where(
            SignUp.shift_id == shift.id,
            SignUp.volunteer_id == volunteer.id,
            SignUp.state.in_(STANDS),
        )
    )


def comes_for_shift(token: str, station: Station, at: datetime) -> bool:
    """Tell whether a volunteer may check in at a station now."""
    mine = find_volunteer(token)
    return mine is not None and any(
        entry.state is SignUpState.SIGNED
        and entry.shift.station_id == station.id
        and entry.opens_at() <= at < entry.shift.ends_at
        for entry in sign_ups_of(mine)
    )


def find_offer(token: str) -> SignUp | None:
    """Return the place that its holder offers under this secret."""
    return session.scalar(select(SignUp).where(SignUp.offer == token)) if token else None


def sign_ups_at(shift: Shift) -> Sequence[SignUp]:
    """Return everybody who ever signed up for a shift, in order."""
    return session.scalars(
        select(SignUp).where(SignUp.shift_id == shift.id).order_by(SignUp.id)
    ).all()


def waiting_at(shift: Shift) -> Sequence[SignUp]:
    """Return a shift's waiting list, the first in line first."""
    return [entry for entry in sign_ups_at(shift) if entry.state is SignUpState.WAITING]


def place_in_line(sign_up: SignUp) -> int:
    """Return how many are on the list up to and with this one."""
    ahead = select(func.count()).where(
        SignUp.shift_id == sign_up.shift_id,
        SignUp.state == SignUpState.WAITING,
        SignUp.id <= sign_up.id,
    )
    return session.scalar(ahead) or 0


def overlapping(volunteer: Volunteer, shift: Shift) -> SignUp | None:
    """Return another shift at the same time for which a volunteer has a place."""
    return session.scalar(
        select(SignUp)
        .join(Shift, Shift.id == SignUp.shift_id)
        .where(
            SignUp.volunteer_id == volunteer.id,
            SignUp.state.in_(HOLDS),
            Shift.id != shift.id,
            Shift.starts_at < shift.ends_at,
            Shift.ends_at > shift.starts_at,
        )
        .limit(1)
    )


def standing_count(volunteer: Volunteer) -> int:
    """Return how many shifts a volunteer has before them."""
    wanted = select(func.count()).where(
        SignUp.volunteer_id == volunteer.id, SignUp.state.in_(STANDS)
    )
    return session.scalar(wanted) or 0


def history_of(shift: Shift) -> Sequence[ShiftEvent]:
    """Return everything that happened to a shift, in order."""
    return session.scalars(
        select(ShiftEvent).where(ShiftEvent.shift_id == shift.id).order_by(ShiftEvent.id)
    ).all()


def hours_of(station: Station, since: date, until: date) -> list[Hours]:
    """Return who helped on some days, most minutes first; `until` excluded."""
    by_volunteer: dict[int, list[SignUp]] = {}
    for duty in duties_between(station, since, until):
        by_volunteer.setdefault(duty.volunteer_id, []).append(duty)
    hours = [_hours(mine) for mine in by_volunteer.values()]
    return sorted(hours, key=lambda line: (-line.minutes, line.volunteer.id))


def _hours(mine: Sequence[SignUp]) -> Hours:
    done = [entry for entry in mine if entry.state is SignUpState.DONE]
    return Hours(
        mine[0].volunteer,
        len(done),
        sum(entry.minutes or 0 for entry in done),
        len(mine) - len(done),
    )


def duties_between(station: Station, since: date, until: date) -> Sequence[SignUp]:
    """Return the duties done or missed on some days, in order; `until` excluded."""
    return session.scalars(
        select(SignUp)
        .join(Shift, Shift.id == SignUp.shift_id)
        .where(
            Shift.station_id == station.id,
            Shift.day >= since,
            Shift.day < until,
            SignUp.state.in_((SignUpState.DONE, SignUpState.NO_SHOW)),
        )
        .order_by(Shift.starts_at, SignUp.id)
        .options(joinedload(SignUp.volunteer))
    ).all()
