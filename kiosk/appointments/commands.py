"""What the clock does to appointments."""

from kiosk import clock
from kiosk.appointments.actions import note_time
from kiosk.db import session, transaction


def sweep() -> int:
    """Note who is late and who did not come; returns how many were missed."""
    with transaction():
        missed = note_time(clock.now())
    session.remove()
    return missed
