"""The rows that shifts live on.

Whatever changes them holds the station first (`fresh`): volunteers move up into each other's
shifts, and any other order of locks would let two of them wait for each other.
"""

from datetime import datetime

from sqlalchemy import update

from kiosk import live
from kiosk.actor import Actor
from kiosk.db import session
from kiosk.refusal import Refusal
from kiosk.stations.actions import hold
from kiosk.volunteers.models import Shift, ShiftEvent, SignUp, SignUpState, Volunteer


def fresh(shift: Shift) -> Shift:
    """Keep a station's shifts from others until the transaction ends, and read this one again."""
    hold(shift.station_id)
    session.refresh(shift)
    return shift


def shift_over() -> Refusal:
    """Return the refusal of a shift that is over."""
    return Refusal("shifts.over", "This shift is over. Choose another one.")


def take_place(shift: Shift, at: datetime) -> bool:
    """Take a place by one statement that also asks whether one is left."""
    taken = session.scalar(
        update(Shift)
        .where(
            Shift.id == shift.id,
            Shift.taken < Shift.places,
            Shift.called_off_at.is_(None),
            Shift.ends_at > at,
        )
        .values(taken=Shift.taken + 1)
        .returning(Shift.taken)
        .execution_options(synchronize_session=False)
    )
    session.refresh(shift)
    return taken is not None


def give_place_back(shift: Shift) -> None:
    """Let somebody else have the place."""
    session.execute(
        update(Shift)
        .where(Shift.id == shift.id, Shift.taken > 0)
        .values(taken=Shift.taken - 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(shift)


def write_down(
    shift: Shift,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    sign_up: SignUp | None = None,
    before: SignUpState | None = None,
    reason: str = "",
) -> None:
    """Write down a change of a shift, or of somebody's place in it."""
    session.add(
        ShiftEvent(
            shift_id=shift.id,
            sign_up_id=sign_up.id if sign_up else None,
            at=at,
            verb=verb,
            from_state=before,
            to_state=sign_up.state if sign_up else None,
            actor=by.name,
            role=by.role,
            reason=reason,
        )
    )
    session.flush()
    live.changed(f"shifts:{shift.station.code}")


def change(
    sign_up: SignUp,
    after: SignUpState,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    **values: object,
) -> SignUp:
    """Compare and set: from the state and revision that were seen; write it down and tell."""
    before = sign_up.state
    changed = session.scalar(
        update(SignUp)
        .where(
            SignUp.id == sign_up.id,
            SignUp.state == before,
            SignUp.revision == sign_up.revision,
        )
        .values(state=after, changed_at=at, revision=SignUp.revision + 1, **values)
        .returning(SignUp.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise Refusal("shifts.changed", "This just changed. It is shown as it is; look again.")
    session.refresh(sign_up)
    write_down(sign_up.shift, verb, by=by, at=at, sign_up=sign_up, before=before, reason=reason)
    tell(sign_up.volunteer)
    return sign_up


def tell(volunteer: Volunteer, **values: object) -> None:
    """Count a change of what a volunteer's page shows, and name the page."""
    session.execute(
        update(Volunteer)
        .where(Volunteer.id == volunteer.id)
        .values(changes=Volunteer.changes + 1, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(volunteer)
    live.changed(f"volunteer:{volunteer.token}")
