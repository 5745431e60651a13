"""What one test does to the database, the next does not see."""

from sqlalchemy import delete, func, select

from kiosk.db import Model, session, transaction
from kiosk.stations.models import Device
from kiosk.tickets.models import Offer, Queue
from tests.cast import Cast
from tests.databases import Filled


def contents() -> dict[str, list[str]]:
    tables = Model.metadata.sorted_tables
    return {table.name: sorted(map(str, session.execute(select(table)))) for table in tables}


def test_everything_is_as_new(cast: Cast, database: Filled) -> None:
    before = contents()
    cast.took()
    cast.did("call-next")
    with transaction():
        session.query(Offer).filter_by(station_id=cast.station.id).delete()
        session.query(Queue).update({"is_open": False})
    changed = contents()
    assert {name for name, rows in before.items() if rows != changed[name]} >= {
        *("device", "member", "offer", "queue", "queue_day", "ticket", "ticket_event")
    }
    database.open()
    assert contents() == before
    last = session.scalar(select(func.max(Device.id)))
    assert last is not None
    del cast.kiosk_token
    cast.kiosk_token  # noqa: B018 - makes a device
    assert session.scalar(select(func.max(Device.id))) == last + 1


def test_what_was_left_open_stands_in_nobody_s_way(cast: Cast, database: Filled) -> None:
    stray = database.engine.connect()
    stray.execute(delete(Offer))
    database.open()
    assert session.query(Offer).count() > 0
    stray.invalidate()
    stray.close()
