"""What the clock does by itself while the server runs.

It closes past days, begins what was scheduled, notes devices, missed appointments, late pickups
and volunteers' hours, renews the search before anybody asks, and prints what was left. Every worker
sweeps; each step is safe to run twice at once.
"""

import logging

import gevent
from flask import Flask

from kiosk import meters
from kiosk.appointments import commands as appointments
from kiosk.catalog import commands as catalog
from kiosk.catalog.current import current_index
from kiosk.pickups import commands as pickups
from kiosk.printing import commands as printing
from kiosk.printing.press import press
from kiosk.sockets import note_devices
from kiosk.tickets.commands import Lookout, sweep
from kiosk.volunteers import commands as volunteers

EVERY_SECONDS = 20
AHEAD_EVERY_SECONDS = 1
TELLS_EVERY_SECONDS = 5

log = logging.getLogger(__name__)


def start(app: Flask) -> None:
    """Sweep now and from then on, beside the requests."""
    press.start(app)
    gevent.spawn(_begin, app)


def _begin(app: Flask) -> None:
    """Make the index before anything else that takes long: somebody may search at once."""
    with app.app_context():
        try:
            current_index()
        except Exception:
            log.exception("the search index is not there yet; sweeping makes it")
    gevent.spawn(_forever, app)
    gevent.spawn(_ahead, app)
    gevent.spawn(_tell, app)


def _forever(app: Flask) -> None:
    while True:
        try:
            with app.app_context():
                sweep()
                catalog.sweep()
                appointments.sweep()
                pickups.sweep()
                volunteers.sweep()
                note_devices()
                printing.sweep()
                current_index()
            meters.swept()
        except Exception:
            log.exception("sweeping failed; trying again in %s s", EVERY_SECONDS)
        gevent.sleep(EVERY_SECONDS)


def _tell(app: Flask) -> None:
    while True:
        try:
            with app.app_context():
                pickups.tell()
        except Exception:
            log.exception("telling failed; trying again in %s s", EVERY_SECONDS)
            gevent.sleep(EVERY_SECONDS)
        gevent.sleep(TELLS_EVERY_SECONDS)


def _ahead(app: Flask) -> None:
    lookout = Lookout()
    while True:
        try:
            with app.app_context():
                lookout.look(lambda: gevent.sleep(0))
            meters.looked_ahead()
        except Exception:
            log.exception("looking ahead failed; trying again in %s s", EVERY_SECONDS)
            gevent.sleep(EVERY_SECONDS)
        gevent.sleep(AHEAD_EVERY_SECONDS)
