"""What the clock does: ends shifts, notes who did not come, and erases personal data in time."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from kiosk.actor import CLOCK, Actor
from kiosk.db import session
from kiosk.volunteers.actions.duty import end_duty
from kiosk.volunteers.actions.rows import change, fresh, tell
from kiosk.volunteers.actions.signing import cancel
from kiosk.volunteers.models import Shift, SignUpState, Volunteer
from kiosk.volunteers.queries import sign_ups_at, sign_ups_of

KEEPS_CONTACT = timedelta(days=30)
# Hours are certified by name for as long.
KEEPS_NAME = timedelta(days=365)
SWEPT = 100
S = SignUpState


def note_time(at: datetime) -> None:
    """End the shifts that are over: credit who stayed, note who never came, close the list."""
    over = (
        select(Shift)
        .where(Shift.ends_at <= at, Shift.closed_at.is_(None))
        .order_by(Shift.station_id, Shift.ends_at)
        .limit(SWEPT)
    )
    for shift in session.scalars(over).all():
        if fresh(shift).closed_at is None:
            _close(shift, at)


def _close(shift: Shift, at: datetime) -> None:
    for entry in sign_ups_at(shift):
        if entry.state is S.ON_DUTY:
            end_duty(entry, "end", by=CLOCK, at=at)
        elif entry.state is S.SIGNED:
            change(entry, S.NO_SHOW, "no_show", by=CLOCK, at=at, offer=None)
        elif entry.state is S.WAITING:
            change(entry, S.LAPSED, "lapse", by=CLOCK, at=at)
    shift.closed_at = at
    session.flush()


def erase_due(at: datetime) -> None:
    """Erase contacts and names whose time is up; hours stay, without a name."""
    for column, kept in ((Volunteer.contact, KEEPS_CONTACT), (Volunteer.name, KEEPS_NAME)):
        session.execute(
            update(Volunteer)
            .where(
                or_(Volunteer.name.is_not(None), Volunteer.contact.is_not(None)),
                column.is_not(None),
                Volunteer.last_ends_at < at - kept,
            )
            .values({column.key: None})
            .execution_options(synchronize_session=False)
        )


def forget(volunteer: Volunteer, *, by: Actor, at: datetime) -> Volunteer:
    """Erase what a volunteer said of themselves now, and give up the shifts before them."""
    for entry in sign_ups_of(volunteer):
        if entry.state in (S.WAITING, S.SIGNED):
            cancel(entry, by=by, at=at)
    tell(volunteer, name=None, contact=None)
    return volunteer
