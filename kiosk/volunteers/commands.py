"""What the clock does to shifts."""

from kiosk import clock
from kiosk.db import session, transaction
from kiosk.volunteers.actions import erase_due, make_ahead, note_time


def sweep() -> None:
    """End shifts that are over, add those of the days to come, erase what is due."""
    at = clock.now()
    with transaction():
        note_time(at)
        make_ahead(at)
        erase_due(at)
    session.remove()
