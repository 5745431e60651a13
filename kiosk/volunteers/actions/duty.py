"""A volunteer checks in, carries, hands over, and checks out; their right ends with the shift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from kiosk import clock
from kiosk.actor import Actor
from kiosk.db import session
from kiosk.pickups import actions as pickups
from kiosk.pickups.actions import Tried
from kiosk.pickups.codes import Codes
from kiosk.pickups.models import Pickup
from kiosk.refusal import Refusal, say
from kiosk.volunteers.actions.rows import change, fresh
from kiosk.volunteers.models import MINUTE, SignUp, SignUpState
from kiosk.volunteers.queries import Carried, actor_name, point_before

UNDO = timedelta(minutes=10)
S = SignUpState


@dataclass(frozen=True)
class Put:
    """How a batch went: what has a place now, and for what there was none."""

    items: Sequence[Pickup]
    left: Sequence[Pickup]


def check_in(mine: SignUp, *, by: Actor, at: datetime) -> SignUp:
    """Begin a duty, from 20 minutes before the shift until its end. Twice is the same as once."""
    fresh(mine.shift)
    session.refresh(mine)
    if mine.state is S.ON_DUTY:
        return mine
    if mine.state is S.WAITING:
        raise Refusal(
            "shifts.still_waiting", "You are on the list. As soon as a place is free, it is yours."
        )
    if mine.state is not S.SIGNED or mine.shift.ends_at <= at:
        raise Refusal("shifts.settled", "This shift is over, or you gave it up. Look again.")
    _refuse_early(mine, at)
    return change(mine, S.ON_DUTY, "check_in", by=by, at=at, checked_in_at=at, offer=None)


def _refuse_early(mine: SignUp, at: datetime) -> None:
    since = mine.opens_at()
    if at >= since:
        return
    wall = clock.local(since, mine.shift.station.timezone)
    words = say("You are early. Check in today from %(time)s.")
    if clock.day_at(at, mine.shift.station.timezone) != wall.date():
        words = say("You are early. Check in on %(month)s/%(day)s from %(time)s.")
    raise Refusal(
        "shifts.early", words, month=wall.month, day=wall.day, time=wall.strftime("%-H:%M")
    )


def check_out(mine: SignUp, *, by: Actor, at: datetime) -> SignUp:
    """End a duty and credit its minutes. Twice is the same as once."""
    fresh(mine.shift)
    session.refresh(mine)
    if mine.state is S.DONE:
        return mine
    if mine.state is not S.ON_DUTY:
        raise _off_duty()
    return end_duty(mine, "check_out", by=by, at=at)


def end_duty(mine: SignUp, verb: str, *, by: Actor, at: datetime) -> SignUp:
    """Credit the minutes between check-in and now that lie within the shift."""
    since = max(mine.checked_in_at or at, mine.shift.starts_at)
    until = max(min(at, mine.shift.ends_at), since)
    minutes = (until - since) // MINUTE
    return change(mine, S.DONE, verb, by=by, at=at, checked_out_at=until, minutes=minutes)


def refuse_off_duty(mine: SignUp | None, at: datetime) -> SignUp:
    """Return the duty of who may act now; refuse everybody else."""
    if mine is None or not mine.acts_at(at):
        raise _off_duty()
    return mine


def _off_duty() -> Refusal:
    return Refusal(
        "shifts.off_duty",
        "You are not on duty now. Check in first; after the shift, hand over to the staff.",
        HTTPStatus.FORBIDDEN,
    )


def _actor(mine: SignUp) -> Actor:
    return Actor(actor_name(mine.volunteer), "volunteer")


def carry(mine: SignUp | None, items: Sequence[Pickup], *, at: datetime) -> Put:
    """Give each item a place at the point where its visitor wants it, and note that it lies there.

    What finds no place there, or was collected meanwhile, is left; where nothing could be put
    away, it is refused.
    """
    duty = refuse_off_duty(mine, at)
    done: list[Pickup] = []
    left: list[Pickup] = []
    why: Refusal | None = None
    for item in items:
        try:
            done.append(pickups.move(_here(duty, item), item.goal, by=_actor(duty), at=at))
        except Refusal as refusal:
            why = refusal
            left.append(item)
    if why is not None and not done:
        raise why
    return Put(done, left)


def _here(duty: SignUp, item: Pickup) -> Pickup:
    if item.station_id != duty.shift.station_id:
        raise Refusal("pickups.not_here", "It does not lie here yet. Look at the list again.")
    return item


def put_back(mine: SignUp | None, carried: Carried, *, at: datetime) -> Pickup:
    """Undo what was carried a moment ago: it lies at the point where it was before."""
    duty = refuse_off_duty(mine, at)
    before = point_before(carried)
    if before is None or at - carried.at > UNDO:
        raise Refusal(
            "shifts.too_late_to_undo",
            "This can be taken back for 10 minutes only. Ask the station's staff.",
        )
    return pickups.move(_here(duty, carried.pickup), before, by=_actor(duty), at=at)


def hand_over(mine: SignUp | None, digits: str, *, codes: Codes, at: datetime) -> Tried:
    """Hand over what six digits open; wrong ones count and lock as everywhere.

    A wrong code is an answer and no refusal, so that it stays counted.
    """
    duty = refuse_off_duty(mine, at)
    return pickups.collect_by_code(
        duty.shift.station,
        digits,
        codes=codes,
        entry=actor_name(duty.volunteer),
        by=_actor(duty),
        at=at,
    )


def hand_unbooked(mine: SignUp | None, item: Pickup, *, at: datetime) -> Pickup:
    """Hand over what nobody booked to whoever showed its order."""
    duty = refuse_off_duty(mine, at)
    return pickups.hand_unbooked(_here(duty, item), by=_actor(duty), at=at, collector="volunteer")


def hand_to(mine: SignUp | None, item: Pickup, *, at: datetime) -> Pickup:
    """Hand over to whoever shows the item's own page: its address is the right to it."""
    duty = refuse_off_duty(mine, at)
    return pickups.collect(_here(duty, item), by=_actor(duty), at=at, collector="volunteer")
