"""What the clock does to pickups: one worker at a time looks after it."""

import logging
import os
import socket
from collections.abc import Callable

from kiosk import access, clock
from kiosk.db import session, transaction
from kiosk.pickups import actions
from kiosk.pickups.codes import Codes
from kiosk.pickups.queries import due_before

AT_ONCE = 500

log = logging.getLogger(__name__)


def sweep() -> int:
    """Do what time asks for, each pickup for itself; returns how much there was."""
    at, done = clock.now(), 0
    name = f"{socket.gethostname()}:{os.getpid()}"
    with transaction():
        leads = actions.lead(name, at)
    if not leads:
        session.remove()
        return 0
    codes = Codes(access.secret_key())
    for pickup_id in due_before(at, AT_ONCE):
        done += _alone(lambda its_id=pickup_id: actions.note_time(its_id, at))  # type: ignore[misc]
    for series in actions.due_series(at):
        done += _alone(lambda it=series: actions.book_ahead(it, codes=codes, at=at))  # type: ignore[misc]
    with transaction():
        done += actions.erase_due(at, AT_ONCE)
        actions.note_sweep(at, done)
    session.remove()
    return done


def _alone(act: Callable[[], int]) -> int:
    """Do one thing in a transaction of its own, so that what fails holds up nothing else."""
    try:
        with transaction():
            return int(act())
    except Exception:
        log.exception("a pickup's time could not be noted")
        return 0
