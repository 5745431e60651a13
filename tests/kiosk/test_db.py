"""One transaction at a time writes on SQLite, and nobody waits for those who wait for it."""

from threading import Event, Thread

from flask import Flask

from kiosk.db import session, transaction
from tests.databases import on_sqlite
from tests.servers import PATIENCE_SECONDS

CONNECTIONS = 10


@on_sqlite
def test_who_writes_first_is_not_kept_waiting_by_those_who_read(app: Flask) -> None:
    readers_hold_all, may_write = Event(), Event()
    reading: list[int] = []

    def read_then_write() -> None:
        with app.app_context():
            session.connection()
            reading.append(1)
            if len(reading) == CONNECTIONS:
                readers_hold_all.set()
            may_write.wait(PATIENCE_SECONDS)
            with transaction():
                pass

    def write() -> None:
        with app.app_context(), transaction():
            pass

    session.remove()
    readers = [Thread(target=read_then_write) for _ in range(CONNECTIONS)]
    for reader in readers:
        reader.start()
    assert readers_hold_all.wait(PATIENCE_SECONDS)
    writer = Thread(target=write)
    writer.start()
    writer.join(0.2)
    may_write.set()
    for thread in (*readers, writer):
        thread.join(PATIENCE_SECONDS)
    assert not any(thread.is_alive() for thread in (*readers, writer))
