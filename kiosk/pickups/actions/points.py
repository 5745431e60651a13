"""Staff set up storage points: places, times, rules, couriers' passes, hygiene."""

import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete

from kiosk import clock, live
from kiosk.actor import Actor
from kiosk.db import session
from kiosk.pickups.models import (
    Climate,
    CourierPass,
    HygieneCheck,
    HygieneKind,
    PickupKind,
    PickupPlan,
    PickupRules,
    StoragePlace,
    StoragePoint,
)
from kiosk.pickups.queries import find_point, plans_of, rules_of
from kiosk.refusal import Refusal
from kiosk.stations.actions import hold
from kiosk.stations.hours import overlaps
from kiosk.stations.models import Station
from kiosk.tokens import hashed

COURIER = "courier_"
PASS_LASTS = timedelta(days=180)
_CODE = re.compile(r"[0-9A-Z]+(-[0-9A-Z]+)*")
LONGEST_CODE = 12


def add_point(
    station: Station,
    code: str,
    *,
    name_zh: str,
    name_en: str,
    floor: int,
    where_zh: str = "",
    where_en: str = "",
    is_lobby: bool = False,
    takes_unbooked: bool = False,
) -> StoragePoint:
    """Open a storage point; it has no places and no times yet."""
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        raise Refusal(
            "points.code", "A point's code has capitals, figures and hyphens only: 3F-B2."
        )
    if find_point(station, code) is not None:
        raise Refusal("points.taken", "There is a point with this code already. Choose another.")
    point = StoragePoint(
        station_id=station.id,
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        where_zh=where_zh,
        where_en=where_en,
        floor=floor,
        is_lobby=is_lobby,
        is_on=True,
        takes_unbooked=takes_unbooked,
        scan=secrets.token_urlsafe(12),
        changes=0,
    )
    session.add(point)
    session.flush()
    session.refresh(point)
    return point


def change_point(point: StoragePoint, **values: object) -> StoragePoint:
    """Change a point's names, floor, way to it, or what it takes; its code stays."""
    for name, value in values.items():
        setattr(point, name, value)
    return _touched(point)


def switch_point(point: StoragePoint, *, is_on: bool) -> StoragePoint:
    """Give out no more places and times of a point, or do so again; what lies in it stays."""
    point.is_on = is_on
    return _touched(point)


def renew_scan(point: StoragePoint) -> StoragePoint:
    """Make the posters of a point worthless, because somebody copied one."""
    point.scan = secrets.token_urlsafe(12)
    return _touched(point)


def add_places(
    point: StoragePoint,
    count: int,
    *,
    climate: Climate,
    at: datetime,
    size: int = 2,
    capacity: int = 1,
) -> None:
    """Add places to a point, numbered on from its last one."""
    last = max((int(place.number) for place in point.places), default=0)
    session.add_all(
        StoragePlace(
            point_id=point.id,
            number=f"{number:02}",
            climate=climate,
            size=size,
            capacity=capacity,
            held=0,
            is_on=True,
            freed_at=at,
        )
        for number in range(last + 1, last + 1 + count)
    )
    session.flush()
    session.refresh(point, ["places"])
    _touched(point)


def change_places(
    point: StoragePoint, first: int, last: int, *, climate: Climate, size: int
) -> int:
    """Say what the places from one number to another are; what lies in them stays.

    Returns how many there are; refuses none.
    """
    hold(point.station_id)
    changed = [place for place in point.places if first <= int(place.number) <= last]
    if not changed:
        raise Refusal("places.none", "There are no places with these numbers. Look at the list.")
    for place in changed:
        place.climate, place.size = climate, size
    _touched(point)
    return len(changed)


def switch_place(place: StoragePlace, *, is_on: bool) -> StoragePlace:
    """Put nothing more into a place, or do so again; what lies in it stays."""
    hold(place.point.station_id)
    place.is_on = is_on
    _touched(place.point)
    return place


def _touched(point: StoragePoint) -> StoragePoint:
    session.flush()
    point.changes = StoragePoint.changes + 1
    session.flush()
    session.refresh(point)
    live.changed(f"pickups:{point.station.code}")
    return point


def add_plan(
    point: StoragePoint,
    kind: PickupKind,
    weekdays: Collection[int],
    opens: int,
    closes: int,
    *,
    slot_minutes: int,
    capacity: int,
) -> None:
    """Let a kind be booked at a point in these hours; refuse hours that overlap others."""
    if slot_minutes > closes - opens:
        raise Refusal("plans.short", "These hours are shorter than one slot. Change either.")
    same_kind = [plan for plan in plans_of(point) if plan.kind is kind]
    if any(overlaps(plan, weekdays, opens, closes) for plan in same_kind):
        raise Refusal(
            "pickups.plans_overlap",
            "This point can be booked in these hours already. Remove those first.",
        )
    session.add_all(
        PickupPlan(
            point_id=point.id,
            kind=kind,
            weekday=weekday,
            opens=opens,
            closes=closes,
            slot_minutes=slot_minutes,
            capacity=capacity,
        )
        for weekday in weekdays
    )
    _touched(point)


def change_plan(plan: PickupPlan, capacity: int) -> None:
    """Let more or fewer people book one slot; who has booked keeps it."""
    plan.capacity = capacity
    _touched(plan.point)


def remove_plan(plan: PickupPlan) -> None:
    """Give out these times no more; who has booked keeps theirs."""
    point = plan.point
    session.execute(delete(PickupPlan).where(PickupPlan.id == plan.id))
    _touched(point)


def change_rules(station: Station, **values: object) -> PickupRules:
    """Change a station's time limits and where notices go; what is stored keeps its times."""
    rules = rules_of(station.id)
    for name, value in values.items():
        setattr(rules, name, value)
    meal = (0, rules.meal_remind, rules.meal_red, rules.meal_over)
    parcel = (0, rules.parcel_remind, rules.parcel_red, rules.parcel_over)
    if sorted(set(meal)) != list(meal) or sorted(set(parcel)) != list(parcel):
        raise Refusal(
            "pickups.stages",
            "First the reminder, then red, then the end: each has to come after the one before.",
        )
    session.add(rules)
    session.flush()
    return rules


def give_pass(station: Station, name: str, *, at: datetime) -> tuple[CourierPass, str]:
    """Give a regular courier a pass; returns it and its token, which is shown once."""
    token = COURIER + secrets.token_urlsafe(24)
    made = CourierPass(
        station_id=station.id,
        name=name,
        token_hash=hashed(token),
        created_at=at,
        ends_at=at + PASS_LASTS,
    )
    session.add(made)
    session.flush()
    return made, token


def revoke_pass(held: CourierPass, *, at: datetime) -> None:
    """Let a courier's pass hold no longer."""
    held.revoked_at = held.revoked_at or at
    session.flush()


def log_hygiene(
    point: StoragePoint, kind: HygieneKind, *, by: Actor, at: datetime, note: str = ""
) -> HygieneCheck:
    """Write down that a point was cleaned or disinfected."""
    check = HygieneCheck(
        point_id=point.id,
        kind=kind,
        day=clock.day_at(at, point.station.timezone),
        at=at,
        actor=by.name,
        note=note,
    )
    session.add(check)
    _touched(point)
    return check
