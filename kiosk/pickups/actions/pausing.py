"""A point stops for a while, with things inside and people who booked; all of them are told."""

from datetime import datetime

from kiosk.actor import Actor
from kiosk.pickups.actions.points import switch_point
from kiosk.pickups.actions.rows import change, notify
from kiosk.pickups.models import LIVE, Pickup, PickupState, StoragePoint
from kiosk.pickups.queries import open_items, rules_of
from kiosk.stations.actions import hold


def affected_by(point: StoragePoint) -> tuple[list[Pickup], list[Pickup]]:
    """Return what lies at a point, and the bookings that are still to come to it."""
    items = [
        item for item in open_items(point.station) if point.id in (item.point_id, item.goal_id)
    ]
    inside = [
        item
        for item in items
        if item.point_id == point.id and item.state in (PickupState.STORED, PickupState.CASE)
    ]
    coming = [item for item in items if item.is_live and item.state is not PickupState.STORED]
    return inside, coming


def pause_point(point: StoragePoint, *, by: Actor, at: datetime) -> int:
    """Give out no more places and times, and tell everybody who booked; returns how many."""
    told = _tell_all(point, "point_off", by=by, at=at)
    switch_point(point, is_on=False)
    return told


def resume_point(point: StoragePoint, *, by: Actor, at: datetime) -> int:
    """Give out places and times again, and tell who still waits; returns how many."""
    told = _tell_all(point, "point_on", by=by, at=at)
    switch_point(point, is_on=True)
    return told


def _tell_all(point: StoragePoint, what: str, *, by: Actor, at: datetime) -> int:
    hold(point.station_id)
    rules = rules_of(point.station_id)
    told = [item for items in affected_by(point) for item in items if item.state in LIVE]
    for item in told:
        change(item, item.state, what, by=by, at=at, reason=point.code)
        notify(item, what, rules, at)
    return len(told)
