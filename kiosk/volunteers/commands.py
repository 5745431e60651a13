"""What the clock does to shifts."""

from kiosk import clock
from kiosk.db import session, transaction
from kiosk.volunteers.actions import erase_due, make_ahead, note_time


def sweep() -> None:
    """End shifts that are over, add those of the days to come, erase what is due.

    Each in a transaction of its own, which holds one station after the other, in their order.
    """
    at = clock.now()
    for act in (note_time, make_ahead, erase_due):
        with transaction():
            act(at)
    session.remove()
