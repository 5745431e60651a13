"""Somebody signs up, waits, gives a place up, or hands it to somebody else."""

import secrets
from datetime import datetime

from kiosk import clock
from kiosk.actor import CLOCK, Actor
from kiosk.db import session
from kiosk.refusal import Refusal
from kiosk.stations.models import Station
from kiosk.volunteers.actions.rows import (
    change,
    fresh,
    give_place_back,
    shift_over,
    take_place,
    tell,
    write_down,
)
from kiosk.volunteers.models import News, Shift, SignUp, SignUpState, Volunteer
from kiosk.volunteers.queries import (
    find_standing,
    overlapping,
    sign_ups_at,
    standing_count,
    waiting_at,
)

MOST_STANDING = 20
S = SignUpState


def join(
    station: Station, *, at: datetime, name: str | None = None, contact: str | None = None
) -> Volunteer:
    """Give somebody a page of their own; nothing of what they say of themselves is needed."""
    volunteer = Volunteer(
        token=secrets.token_urlsafe(16),
        station=station,
        name=name or None,
        contact=contact or None,
        last_ends_at=at,
        created_at=at,
        changes=0,
    )
    session.add(volunteer)
    session.flush()
    return volunteer


def introduce(volunteer: Volunteer, *, name: str | None, contact: str | None) -> Volunteer:
    """Change what a volunteer says of themselves; empty erases it."""
    tell(volunteer, name=name or None, contact=contact or None)
    return volunteer


def sign_up(
    shift: Shift,
    volunteer: Volunteer,
    *,
    by: Actor,
    at: datetime,
    offered: SignUp | None = None,
) -> SignUp:
    """Give a volunteer a place in a shift: a free one, else one that is offered, else in line.

    With `offered` it is that place or none. Twice is the same as once.
    """
    fresh(shift)
    _refuse_over(shift, at)
    mine = find_standing(shift, volunteer)
    if mine is not None and mine.state is not S.WAITING:
        return mine
    _refuse_too_much(shift, volunteer)
    if volunteer.last_ends_at < shift.ends_at:
        tell(volunteer, last_ends_at=shift.ends_at)
    if offered is not None:
        return _take_over(offered, volunteer, mine, by=by, at=at)
    if mine is not None:
        return mine
    if take_place(shift, at):
        return _add(shift, volunteer, S.SIGNED, by=by, at=at)
    offers = [entry for entry in sign_ups_at(shift) if entry.offer is not None]
    if offers:
        return _take_over(offers[0], volunteer, None, by=by, at=at)
    return _add(shift, volunteer, S.WAITING, by=by, at=at)


def _refuse_over(shift: Shift, at: datetime) -> None:
    if not shift.is_on:
        raise Refusal("shifts.called_off", "This shift was called off. Choose another one.")
    if shift.ends_at <= at:
        raise shift_over()


def _refuse_too_much(shift: Shift, volunteer: Volunteer) -> None:
    other = overlapping(volunteer, shift)
    if other is not None:
        starts = clock.local(other.shift.starts_at, shift.station.timezone)
        raise Refusal(
            "shifts.overlap",
            "You have another shift at that time, on %(month)s/%(day)s at %(time)s. Give that up"
            " first.",
            month=starts.month,
            day=starts.day,
            time=starts.strftime("%-H:%M"),
        )
    if standing_count(volunteer) >= MOST_STANDING:
        raise Refusal(
            "shifts.too_many",
            "You have %(count)s shifts before you already. Do some of these first.",
            count=MOST_STANDING,
        )


def _add(
    shift: Shift,
    volunteer: Volunteer,
    state: SignUpState,
    *,
    by: Actor,
    at: datetime,
    verb: str = "",
    reason: str = "",
) -> SignUp:
    added = SignUp(
        shift=shift,
        volunteer=volunteer,
        state=state,
        created_at=at,
        changed_at=at,
        revision=0,
    )
    session.add(added)
    session.flush()
    usual = "sign_up" if state is S.SIGNED else "wait"
    write_down(shift, verb or usual, by=by, at=at, sign_up=added, reason=reason)
    tell(volunteer)
    return added


def _take_over(
    offered: SignUp,
    volunteer: Volunteer,
    mine: SignUp | None,
    *,
    by: Actor,
    at: datetime,
    news: News | None = None,
) -> SignUp:
    """Give a volunteer the place of another; of two who want it, one gets it."""
    session.refresh(offered)
    if offered.offer is None or offered.state is not S.SIGNED:
        raise offer_gone()
    change(offered, S.HANDED_OVER, "hand_over", by=by, at=at, offer=None, news=News.TAKEN_OVER)
    reason = f"sign_up:{offered.id}"
    if mine is not None:
        return change(mine, S.SIGNED, "take_over", by=by, at=at, reason=reason, news=news)
    shift = offered.shift
    return _add(shift, volunteer, S.SIGNED, by=by, at=at, verb="take_over", reason=reason)


def cancel(mine: SignUp, *, by: Actor, at: datetime) -> SignUp:
    """Give a place up, on the list too; the first in line has it at once."""
    return _leave(mine, "cancel", None, by=by, at=at)


def remove(theirs: SignUp, *, by: Actor, at: datetime, reason: str = "") -> SignUp:
    """Take somebody off a shift; their page says so."""
    return _leave(theirs, "remove", News.REMOVED, by=by, at=at, reason=reason)


def _leave(
    sign_up: SignUp,
    verb: str,
    news: News | None,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> SignUp:
    shift = fresh(sign_up.shift)
    session.refresh(sign_up)
    if sign_up.state is S.CANCELLED:
        return sign_up
    refuse_settled(sign_up, at)
    was_waiting = sign_up.state is S.WAITING
    change(sign_up, S.CANCELLED, verb, by=by, at=at, reason=reason, offer=None, news=news)
    if not was_waiting:
        give_place_back(shift)
        move_up(shift, at)
    return sign_up


def refuse_settled(sign_up: SignUp, at: datetime) -> None:
    """Refuse to change a place that nobody waits for any more, or that is being served."""
    if sign_up.state is S.ON_DUTY:
        raise Refusal("shifts.on_duty", "You are on duty. Check out instead.")
    if sign_up.state not in (S.WAITING, S.SIGNED) or sign_up.shift.ends_at <= at:
        raise Refusal("shifts.settled", "This shift is over, or you gave it up. Look again.")


def offer_gone() -> Refusal:
    """Return the refusal of a place that nobody offers any more."""
    return Refusal("shifts.offer_gone", "This place was taken meanwhile, or is kept. See others.")


def move_up(shift: Shift, at: datetime) -> None:
    """Give free places to those in line, in their order; who is busy then keeps their turn."""
    if shift.ends_at <= at:
        return
    for entry in waiting_at(shift):
        if overlapping(entry.volunteer, shift) is not None:
            continue
        if not take_place(shift, at):
            return
        change(entry, S.SIGNED, "move_up", by=CLOCK, at=at, news=News.MOVED_UP)


def offer(mine: SignUp, *, by: Actor, at: datetime) -> SignUp:
    """Offer a place to others: the first in line has it at once, or whoever takes it by its link.

    Until then it is kept. Twice is the same as once.
    """
    shift = fresh(mine.shift)
    session.refresh(mine)
    refuse_settled(mine, at)
    if mine.state is S.WAITING:
        raise Refusal("shifts.no_place", "You are on the list and have no place to give.")
    if mine.offer is not None:
        return mine
    change(mine, S.SIGNED, "offer", by=by, at=at, offer=secrets.token_urlsafe(12))
    for entry in waiting_at(shift):
        if overlapping(entry.volunteer, shift) is None:
            _take_over(mine, entry.volunteer, entry, by=CLOCK, at=at, news=News.MOVED_UP)
            break
    return mine


def keep(mine: SignUp, *, by: Actor, at: datetime) -> SignUp:
    """Offer a place no longer."""
    fresh(mine.shift)
    session.refresh(mine)
    if mine.offer is None:
        return mine
    return change(mine, S.SIGNED, "keep", by=by, at=at, offer=None)


def read_news(mine: SignUp, *, by: Actor, at: datetime) -> SignUp:
    """Note that a volunteer read what their page told them of a shift."""
    fresh(mine.shift)
    session.refresh(mine)
    if mine.news is None:
        return mine
    return change(mine, mine.state, "read", by=by, at=at, reason=mine.news.value, news=None)
