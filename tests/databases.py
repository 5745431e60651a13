"""Filled databases: made once, and as new for every test that asks."""

import gc
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
import time_machine
from psycopg import sql
from sqlalchemy import Engine, select

from kiosk import db
from kiosk.catalog.current import _Kept, current_index
from kiosk.catalog.index import Index
from kiosk.catalog.models import Category, Service, Synonym
from kiosk.catalog.queries import catalog_version
from kiosk.setup import fill
from tests.hours import MORNING
from tests.servers import Postgres
from tests.turns import in_turn

# For what the database has no say in: how a page looks, how a file or a question is read.
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

MEMORY = Path("/dev/shm")
ROOM_BYTES = 256 * 1024**2


def memory() -> Path | None:
    """Name a folder in memory with room for some small databases, where there is one."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    return MEMORY if has_room and os.access(MEMORY, os.W_OK) else None


class Filled(ABC):
    """A database as the first start leaves it, with the index of its catalog.

    To make the index anew after every test that changed the catalog would take longer than most
    tests. One worker fills it for all.
    """

    engine: Engine
    index: Index
    version: str

    @abstractmethod
    def renew(self) -> None:
        """Undo what was changed since the first start."""

    @abstractmethod
    def copy(self, folder: Path) -> str:
        """Make a copy for the station that has this folder; return its address."""

    def open(self) -> None:
        """Renew it, and let every session use it."""
        self.leave()
        self.renew()
        db.session.configure(bind=self.engine)
        _Kept.index, _Kept.version, _Kept.until = self.index, self.version, None

    def leave(self) -> None:
        """Let go of it after a test."""
        db.session.remove()
        self.engine.dispose()

    def close(self) -> None:
        """Let go of it for good."""
        db.session.remove()
        self.engine.dispose()

    def _learn(self) -> None:
        """Keep its index; two databases with the same catalog have the same one."""
        self.version = catalog_version()
        catalog = [
            tuple(row)
            for table in (Service, Category, Synonym)
            for row in db.session.execute(
                select(table.__table__).order_by(*table.__table__.primary_key)
            )
        ]
        if catalog != _Known.catalog:
            _Known.catalog, _Known.index = catalog, current_index()
            gc.freeze()  # the collector need not walk through it again and again
        self.index = _Known.index
        self.leave()


class _Known:
    """The catalog that was indexed last."""

    catalog: Sequence[tuple[Any, ...]] = ()
    index: Index


def _fill(url: str) -> None:
    engine = db.connect(url)
    db.migrate()
    with time_machine.travel(MORNING, tick=False):
        fill()
    db.session.remove()
    engine.dispose()


class FilledSqlite(Filled):
    """Two files: the filled one, and the one that tests change."""

    def __init__(self, folder: Path, shared: Path) -> None:
        self.folder = folder
        filled = shared / "filled.db"
        with in_turn(shared / "sqlite") as is_first:
            if is_first:
                _fill(f"sqlite:///{filled}")
        shutil.copy(filled, folder)
        self.renew()
        self.engine = db.connect(f"sqlite:///{folder / 'changed.db'}")
        self._learn()

    def renew(self) -> None:
        for stale in self.folder.glob("changed.db*"):
            stale.unlink()
        shutil.copy(self.folder / "filled.db", self.folder / "changed.db")

    def copy(self, folder: Path) -> str:
        file = folder / "loumenkou.db"
        shutil.copy(self.folder / "filled.db", file)
        return f"sqlite:///{file}"


class FilledPostgres(Filled):
    """One database; what is changed in it is noticed by its rows' transactions and put back.

    To copy all of it for every test would take longer than most tests. Connections stay open, as
    the server takes a while to know its tables in a new one.
    """

    def __init__(self, server: Postgres, worker: str) -> None:
        self.server = server
        self.worker = worker
        with in_turn(server.folder / "filled") as is_first:
            if is_first:
                _fill(server.new_database("filled"))
        self.engine = db.connect(server.new_database(f"changed_{worker}", template="filled"))
        self._learn()
        self._rows = server.connect(f"changed_{worker}")
        tables = self._rows.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        self._tables = [sql.Identifier(name) for (name,) in tables]
        self._keep()
        self._kept = self._state(range(len(self._tables)))

    def leave(self) -> None:
        db.session.remove()
        if self.engine.pool.checkedout():  # type: ignore[attr-defined]
            self.engine.dispose()

    def close(self) -> None:
        super().close()
        self._rows.close()

    def copy(self, folder: Path) -> str:
        name = f"station_{self.worker}_{folder.name}"
        return self.server.new_database(name, template="filled")

    def renew(self) -> None:
        self._rows.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid != pg_backend_pid() AND state != 'idle'"
        )
        now = self._state(self._kept)
        changed = [number for number, state in now.items() if state != self._kept[number]]
        with self._rows.transaction():
            # Rows come back in any order, and what refers to them needs no checking.
            self._rows.execute("SET LOCAL session_replication_role = replica")
            for table in (self._tables[number] for number in changed):
                self._rows.execute(sql.SQL("DELETE FROM {}").format(table))
                self._rows.execute(sql.SQL("INSERT INTO {0} SELECT * FROM kept.{0}").format(table))
            self._rows.execute('SELECT setval(name, last, called) FROM kept."sequences"')
        if changed:
            self._kept |= self._state(changed)

    def _keep(self) -> None:
        self._rows.execute("CREATE SCHEMA kept")
        for table in self._tables:
            self._rows.execute(sql.SQL("CREATE TABLE kept.{0} AS TABLE {0}").format(table))
        self._rows.execute(
            "CREATE TABLE kept.sequences AS SELECT sequencename::regclass AS name,"
            " coalesce(last_value, 1) AS last, last_value IS NOT NULL AS called"
            " FROM pg_sequences WHERE schemaname = 'public'"
        )

    def _state(self, numbers: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Return some tables' numbers of rows and their youngest transactions."""
        ask = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {0}, count(*), coalesce(max(xmin::text::bigint), 0) FROM {1}").format(
                number, self._tables[number]
            )
            for number in numbers
        )
        rows = self._rows.execute(ask)
        return {number: (count, youngest) for number, count, youngest in rows}
