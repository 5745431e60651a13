"""What happens to the rota: a week is laid down, a day differs from it."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import delete

from kiosk.db import session
from kiosk.rota.models import RotaShift
from kiosk.rota.queries import When, shifts_on
from kiosk.rota.shifts import Shift, refuse_tangled
from kiosk.stations.models import Counter


def set_week(counter: Counter, weekdays: Collection[int], shifts: Sequence[Shift]) -> None:
    """Replace a counter's shifts on these days of the week; no shifts mean it stays closed."""
    for weekday in weekdays:
        _refuse_tangled(counter, weekday, shifts)
    session.execute(
        delete(RotaShift).where(RotaShift.counter_id == counter.id, RotaShift.weekday.in_(weekdays))
    )
    session.add_all(_row(counter, shift, weekday) for weekday in weekdays for shift in shifts)
    session.flush()


def set_day(counter: Counter, day: date, shifts: Sequence[Shift]) -> None:
    """Let a counter's shifts on one day differ from the week; none mean it stays closed then."""
    _refuse_tangled(counter, day, shifts)
    drop_day(counter, day)
    closed = RotaShift(counter_id=counter.id, day=day, breaks=[])
    session.add_all([_row(counter, shift, day) for shift in shifts] or [closed])
    session.flush()


def drop_day(counter: Counter, day: date) -> None:
    """Let a counter's day be as in the week again."""
    session.execute(
        delete(RotaShift).where(RotaShift.counter_id == counter.id, RotaShift.day == day)
    )


def _refuse_tangled(counter: Counter, when: When, shifts: Sequence[Shift]) -> None:
    others = shifts_on(counter.station, when)
    refuse_tangled(shifts, [other for other in others if other.counter != counter.number])


def _row(counter: Counter, shift: Shift, when: When) -> RotaShift:
    return RotaShift(
        counter_id=counter.id,
        weekday=when if isinstance(when, int) else None,
        day=when if isinstance(when, date) else None,
        member_id=shift.member_id,
        starts=shift.starts,
        ends=shift.ends,
        breaks=[list(part) for part in shift.breaks],
    )
