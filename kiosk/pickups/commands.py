"""What the clock does to pickups: one worker at a time looks after it."""

import logging
import os
import socket
import time
from collections.abc import Callable
from datetime import timedelta

from flask import current_app

from kiosk import clock
from kiosk.config import Config
from kiosk.db import session, transaction
from kiosk.pickups import actions
from kiosk.pickups.api import codes
from kiosk.pickups.queries import due_before, last_sweep, rules_of, unsent_notices
from kiosk.pickups.telling import send

AT_ONCE = 500

log = logging.getLogger(__name__)


def sweep() -> int:
    """Do what time asks for, each pickup for itself; returns how much there was."""
    at, began, done = clock.now(), time.monotonic(), 0
    with transaction():
        leads = actions.lead(_name(), at)
    if not leads:
        session.remove()
        return 0
    for pickup_id in due_before(at, AT_ONCE):
        done += _alone(lambda its_id=pickup_id: actions.note_time(its_id, at))  # type: ignore[misc]
    for series in actions.due_series(at):
        done += _alone(lambda it=series: actions.book_ahead(it, codes=codes(), at=at))  # type: ignore[misc]
    with transaction():
        done += actions.erase_due(at, AT_ONCE)
        actions.note_sweep(at, done, timedelta(seconds=time.monotonic() - began))
    session.remove()
    return done


def tell() -> int:
    """Send what visitors are to be told; one worker does. Returns how many notices went out."""
    swept = last_sweep()
    if swept is None or swept.leader != _name():
        session.remove()
        return 0
    sent = 0
    for notice in unsent_notices(AT_ONCE):
        address = rules_of(notice.pickup.station_id).notify_address
        went = bool(address) and send(notice, address, _address(notice.pickup.token))
        sent += went
        with transaction():
            actions.note_told(notice, went=went, at=clock.now())
    session.remove()
    return sent


def _address(token: str) -> str:
    """Return where a pickup's page is; without PUBLIC_URL nobody can tell from here."""
    config: Config = current_app.extensions["config"]
    return f"{config.public_url}/p/{token}" if config.public_url else ""


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _alone(act: Callable[[], int]) -> int:
    """Do one thing in a transaction of its own, so that what fails holds up nothing else."""
    try:
        with transaction():
            return int(act())
    except Exception:
        log.exception("a pickup's time could not be noted")
        return 0
