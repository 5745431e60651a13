"""What pages and boards show of pickups: public, without personal data.

As with tickets, the version is read before the data.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import aliased

from kiosk import clock
from kiosk.live import Snapshot
from kiosk.pickups.models import (
    Pickup,
    StoragePlace,
    StoragePoint,
)
from kiosk.pickups.queries import (
    no_booking,
    rooms_of,
    rules_of,
    stored_items,
    version_of,
    waiting_ahead,
)
from kiosk.pickups.slots import SlotId
from kiosk.prepared import Prepared
from kiosk.refusal import NotFound
from kiosk.stations.models import Station
from kiosk.stations.queries import get_station

PUBLIC_KINDS = {"pickup", "pickups"}
MOST_SHOWN = 60

Data = dict[str, Any]
IsWatched = Callable[[str], bool]

_GOAL = aliased(StoragePoint)
_BY_TOKEN = Prepared(
    lambda _database: (
        select(
            Pickup.token,
            Pickup.tag,
            Pickup.kind,
            Pickup.state,
            Pickup.stage,
            Pickup.id,
            Pickup.revision,
            Pickup.slot_day,
            Pickup.slot_minute,
            Pickup.slot_starts_at,
            Pickup.slot_ends_at,
            Pickup.consent,
            Pickup.stored_at,
            Pickup.ended_at,
            Pickup.due_at,
            Pickup.proxy_until,
            Pickup.secret_hash,
            Pickup.secret_round,
            Pickup.proxy_hash,
            Pickup.proxy_round,
            Pickup.station_id,
            StoragePoint.code.label("point"),
            StoragePoint.name_zh,
            StoragePoint.name_en,
            StoragePoint.where_zh,
            StoragePoint.where_en,
            StoragePoint.floor,
            StoragePoint.is_lobby,
            StoragePoint.is_on,
            _GOAL.code.label("goal"),
            _GOAL.changes,
            StoragePlace.number,
            Station.code.label("station"),
        )
        .join(StoragePoint, StoragePoint.id == Pickup.point_id)
        .join(_GOAL, _GOAL.id == Pickup.goal_id)
        .join(Station, Station.id == Pickup.station_id)
        .outerjoin(StoragePlace, StoragePlace.id == Pickup.place_id)
        .where(Pickup.token == bindparam("token"))
    )
)


def find_row(token: str) -> Row[Any]:
    """Return a pickup's row as its page needs it; refuse an unknown one."""
    rows = _BY_TOKEN(token=token)
    if not rows:
        raise no_booking()
    row: Row[Any] = rows[0]
    return row


def pickup(row: Row[Any]) -> Data:
    """Return what a pickup's page shows; its six digits are not among it."""
    slot = None
    if row.slot_day is not None:
        slot = str(SlotId(row.goal, row.kind.value, row.slot_day, row.slot_minute))
    return {
        "token": row.token,
        "tag": row.tag,
        "station": row.station,
        "kind": row.kind.value,
        "state": row.state.value,
        "stage": row.stage,
        "point": row.point,
        "point_zh": row.name_zh,
        "point_en": row.name_en,
        "where_zh": row.where_zh,
        "where_en": row.where_en,
        "floor": row.floor,
        "is_lobby": row.is_lobby,
        "point_is_on": row.is_on,
        "goal": row.goal,
        "place": f"{row.point}-{row.number}" if row.number else None,
        "slot": slot,
        "from": _iso(row.slot_starts_at),
        "to": _iso(row.slot_ends_at),
        "consents": row.consent is not None,
        "stored_at": _iso(row.stored_at),
        "ended_at": _iso(row.ended_at),
        "ahead": waiting_ahead(row.id) if row.state == "waiting" else None,
        "offered_until": _iso(row.due_at) if row.state == "offered" else None,
        **_limits(row),
        "has_proxy": row.proxy_hash is not None,
        "url": f"/p/{row.token}",
        "at": clock.now().isoformat(),
    }


def _limits(row: Row[Any]) -> Data:
    """Return when somebody is reminded, the item is red, and it has to go."""
    names = ("reminds_at", "red_at", "kept_until")
    if row.stored_at is None:
        return dict.fromkeys(names)
    spans = rules_of(row.station_id).stages(row.kind)
    return {
        name: (row.stored_at + span).isoformat() for name, span in zip(names, spans, strict=True)
    }


def _iso(moment: Any) -> str | None:  # noqa: ANN401 - a moment or nothing
    return moment.isoformat() if moment is not None else None


def pickups(station: Station) -> Data:
    """Return how full each point is, and what lies there, by its code only."""
    return {
        "station": station.code,
        "points": [
            {
                "code": room.point.code,
                "name_zh": room.point.name_zh,
                "name_en": room.point.name_en,
                "floor": room.point.floor,
                "is_on": room.point.is_on,
                "free": room.free,
                "held": room.held,
            }
            for room in rooms_of(station)
        ],
        "stored": [
            {
                "tag": item.tag,
                "kind": item.kind.value,
                "place": item.place.label if item.place else None,
                "stage": item.stage,
                "stored_at": _iso(item.stored_at),
            }
            for item in stored_items(station)[-MOST_SHOWN:]
        ],
        "at": clock.now().isoformat(),
    }


def snapshots(topics: set[str], is_watched: IsWatched) -> Iterator[Snapshot]:
    """Compute what changed and is watched. What does not exist has no snapshot."""
    for topic in sorted(topics):
        kind, _, key = topic.partition(":")
        if is_watched(topic):
            with suppress(NotFound):
                yield _one(topic, key) if kind == "pickup" else _all(topic, key)


def _one(topic: str, token: str) -> Snapshot:
    row = find_row(token)
    # Who waits moves up when others go, and their point counts that.
    return Snapshot(topic=topic, version=row.revision + row.changes + 1, data=pickup(row))


def _all(topic: str, code: str) -> Snapshot:
    station = get_station(code)
    version = version_of(station)
    return Snapshot(topic=topic, version=version, data=pickups(station))
