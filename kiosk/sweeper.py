"""What the clock does by itself while the server runs.

It closes past days, begins what was scheduled, notes devices, and prints what
was left. Every worker sweeps; each step is safe to run twice at once.
"""

import logging

import gevent
from flask import Flask

from kiosk.catalog import commands as catalog
from kiosk.printing import commands as printing
from kiosk.printing.press import press
from kiosk.sockets import note_devices
from kiosk.tickets.commands import sweep

EVERY_SECONDS = 20

log = logging.getLogger(__name__)


def start(app: Flask) -> None:
    """Sweep now and from then on, beside the requests."""
    press.start(app)
    gevent.spawn(_forever, app)


def _forever(app: Flask) -> None:
    while True:
        try:
            with app.app_context():
                sweep()
                catalog.sweep()
                note_devices()
                printing.sweep()
        except Exception:
            log.exception("sweeping failed; trying again in %s s", EVERY_SECONDS)
        gevent.sleep(EVERY_SECONDS)
