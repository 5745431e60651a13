"""What the clock does to slips."""

from kiosk import clock
from kiosk.db import session, transaction
from kiosk.printing.actions import forget_old
from kiosk.printing.press import press
from kiosk.printing.queries import waiting_printers


def sweep() -> None:
    """Print what waits since before a restart, and forget old slips; safe to run twice at once."""
    for device_id in waiting_printers():
        press.wake(device_id)
    with transaction():
        forget_old(clock.now())
    session.remove()
