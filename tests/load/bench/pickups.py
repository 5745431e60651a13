"""Meals booked, dropped and collected: the lunch opening, and a clock beside a million old ones."""

import json
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, insert, literal, select, update

from admin import routes as admin
from kiosk import clock, db
from kiosk import routes as kiosk
from kiosk.app import create_app
from kiosk.config import Config
from kiosk.db import Moment, session, transaction
from kiosk.pickups.commands import sweep
from kiosk.pickups.models import Climate, Pickup, PickupKind, PickupPlan, PickupState, StoragePoint
from tests.load.bench.crowd import Crowd, crowd
from tests.load.bench.fanout import Delays, delays
from tests.load.bench.load import Connection, Job, rate, request
from tests.load.bench.stage import CODE, HALL, Stage
from tests.servers import ROOT, Station

CLIENTS = 32
ROUNDS, SECONDS = 3, 2.5
MOST_IN_SLOT = 999
HANDLED, WARM_UP = 400, 40
SOCKETS, DROPS = 1_000, 8
PAST = 1_000_000
SWEEPS = 20


@dataclass(frozen=True)
class Times:
    """Milliseconds for a drop, a collection, and a row of the bare app: 99 of 100 are shorter."""

    drop: float
    collect: float
    bare: float


def widen() -> None:
    """Let every slot take as many as it can."""
    with transaction():
        session.execute(update(PickupPlan).values(capacity=MOST_IN_SLOT))


def bookings(stage: Stage) -> tuple[float, float]:
    """Return bookings a second of tomorrow's slots, and rows of the bare app."""
    slots = _slots(stage, clock.today("Asia/Shanghai") + timedelta(days=1))
    asks = [_booking(stage, slot) for slot in slots]
    job = Job(
        stage.station.port,
        lambda number: asks[number % len(asks)],
        lambda reply: reply.status == 201,
    )
    ours, bare = [], []
    rate(job, CLIENTS, 1)
    for _ in range(ROUNDS):
        bare.append(rate(stage.inserts(), CLIENTS, SECONDS))
        ours.append(rate(job, CLIENTS, SECONDS))
    return median(ours), median(bare)


def handling(stage: Stage) -> Times:
    """Book, drop and collect one meal after the other."""
    ours, bare = Connection(stage.station.port), Connection(stage.bare.port)
    insert_row = stage.inserts().ask(0)
    ask = _booking(stage, _slots(stage, clock.today("Asia/Shanghai"))[-1])
    drops, collections, rows = [], [], []
    for _ in range(WARM_UP + HANDLED):
        meal = json.loads(ours.ask(ask).body)
        drops.append(_timed(ours, _act(stage, meal, "drop")))
        collections.append(_timed(ours, _act(stage, meal, "collect", code=meal["code"])))
        rows.append(_timed(bare, insert_row))
    return Times(*(quantiles(kept[WARM_UP:], n=100)[98] for kept in (drops, collections, rows)))


def drops_seen(stage: Stage) -> Delays:
    """Return the delays from a drop's answer to a thousand sockets that watch the points."""
    connection = Connection(stage.station.port)
    ask = _booking(stage, _slots(stage, clock.today("Asia/Shanghai"))[-1])
    seen = []
    with crowd(stage.station.port, [[f"pickups:{CODE}"]] * SOCKETS) as phones:
        for _ in range(DROPS):
            meal = json.loads(connection.ask(ask).body)
            time.sleep(0.6)  # the last snapshot's quarter of a second is over
            seen += _drop(stage, connection, phones, meal)
            connection.ask(_act(stage, meal, "collect", code=meal["code"]))
    return delays(seen)


def _drop(stage: Stage, connection: Connection, phones: Crowd, meal: dict[str, Any]) -> list[float]:
    phones.wait_for(f'"tag":"{meal["tag"]}"'.encode())
    connection.ask(_act(stage, meal, "drop"))
    answered = time.monotonic()
    return [at - answered for at in phones.arrivals()]


def sweeps() -> tuple[float, float]:
    """Return milliseconds of the clock's work beside a million past pickups, and beside none."""
    with TemporaryDirectory(prefix="loumenkou-") as folder:
        Station(Path(folder), app=ROOT).flask("setup")
        with create_app(Config.from_env({"DATA_DIR": folder}), kiosk, admin).app_context():
            bare = _swept()
            _fill()
            return _swept(), bare


def _swept() -> float:
    times = []
    for _ in range(SWEEPS):
        start = time.perf_counter()
        sweep()
        times.append(1000 * (time.perf_counter() - start))
    return median(times)


def _fill() -> None:
    """Write meals that were collected long ago."""
    numbers = select(literal(1).label("nth")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.nth + 1).where(numbers.c.nth < PAST))
    moment = literal(clock.now() - timedelta(days=90), Moment)
    point = session.scalars(select(StoragePoint.id).order_by(StoragePoint.id)).first()
    meal = {
        Pickup.token: func.hex(func.randomblob(10)),
        Pickup.tag: literal("00000"),
        Pickup.station_id: literal(1),
        Pickup.kind: literal(PickupKind.MEAL, Pickup.kind.type),
        Pickup.state: literal(PickupState.COLLECTED, Pickup.state.type),
        Pickup.point_id: literal(point),
        Pickup.goal_id: literal(point),
        Pickup.climate: literal(Climate.HEATED, Pickup.climate.type),
        Pickup.stored_at: moment,
        Pickup.ended_at: moment,
        Pickup.created_at: moment,
        Pickup.changed_at: moment,
    }
    rows = select(*meal.values()).select_from(numbers)
    with db.transaction():
        session.execute(insert(Pickup).from_select(list(meal), rows, include_defaults=True))


def _slots(stage: Stage, day: object) -> list[dict[str, Any]]:
    ask = request("GET", f"{HALL}/pickups/slots?kind=meal&date={day}")
    found: list[dict[str, Any]] = json.loads(Connection(stage.station.port).ask(ask).body)["items"]
    return found


def _booking(stage: Stage, slot: dict[str, Any]) -> bytes:
    body = json.dumps({"kind": "meal", "slot": slot["id"], "point": slot["point"]})
    bearer = f"Bearer {stage.kiosk}"
    return request("POST", f"{HALL}/pickups", body, Authorization=bearer)


def _act(stage: Stage, meal: dict[str, Any], verb: str, **body: str) -> bytes:
    path = f"/api/v1/pickups/{meal['token']}/{verb}"
    return request("POST", path, json.dumps(body), Authorization=f"Bearer {stage.kiosk}")


def _timed(connection: Connection, ask: bytes) -> float:
    start = time.perf_counter()
    reply = connection.ask(ask)
    assert reply.status < 300, reply.body
    return 1000 * (time.perf_counter() - start)
