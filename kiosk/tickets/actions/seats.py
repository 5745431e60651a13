"""Who works at a counter, and whether it calls."""

from datetime import datetime

from kiosk.actor import Actor
from kiosk.stations import actions as stations
from kiosk.stations.models import Counter, DeskMessage, Station
from kiosk.tickets.actions.day import refresh


def sit_down(counter: Counter, member_id: int, *, by: Actor, at: datetime) -> None:
    """Take a counter, and leave the one taken before: waits are shorter where somebody works."""
    if counter.member_id != member_id:
        stand_up(member_id, by=by, at=at)
        stations.sit_down(counter, member_id, by=by, at=at)
        refresh(counter.station, at=at)


def stand_up(member_id: int, *, by: Actor, at: datetime) -> None:
    """Leave the counter, wherever it is."""
    left = stations.stand_up(member_id, by=by, at=at)
    if left is not None:
        refresh(left.station, at=at)


def pause(counter: Counter, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Call nobody to the counter until it goes on; `reason` is for colleagues."""
    stations.pause(counter, by=by, at=at, reason=reason)
    refresh(counter.station, at=at)


def resume(counter: Counter, *, by: Actor, at: datetime) -> None:
    """Go on calling to the counter."""
    stations.resume(counter, by=by, at=at)
    refresh(counter.station, at=at)


def send_message(
    station: Station,
    words: str,
    *,
    sender: Counter | None,
    to: Counter | None,
    by: Actor,
    at: datetime,
) -> None:
    """Leave a line at a counter or with the manager, and let their pages show it."""
    stations.send_message(station, words, sender=sender, to=to, by=by, at=at)
    refresh(station, at=at)


def read_message(station: Station, message: DeskMessage, *, by: Actor, at: datetime) -> None:
    """Note that a line was read, and let it vanish."""
    stations.read_message(message, by=by, at=at)
    refresh(station, at=at)
