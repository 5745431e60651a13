"""Filled databases: made once, and as new for every test that asks."""

import os
import shutil
from abc import ABC, abstractmethod
from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy import Engine

from kiosk import db
from kiosk.catalog.current import _Kept, current_index
from kiosk.catalog.index import Index
from kiosk.catalog.queries import catalog_version
from kiosk.setup import fill
from tests.servers import Postgres

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
    tests.
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
        self.leave()

    def _fill(self, url: str) -> None:
        self.engine = db.connect(url)
        db.migrate()
        fill()
        self.index, self.version = current_index(), catalog_version()
        self.leave()


class FilledSqlite(Filled):
    """Two files: the filled one, and the one that tests change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._fill(f"sqlite:///{folder / 'filled.db'}")
        self.engine = db.connect(f"sqlite:///{folder / 'changed.db'}")

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

    To copy all of it for every test would take longer than most tests.
    """

    def __init__(self, server: Postgres) -> None:
        self.server = server
        self._fill(server.new_database("filled"))
        server.new_database("changed", template="filled")
        self.engine = db.connect(server.url("changed"))
        self._rows = server.connect("changed")
        tables = self._rows.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        self._tables = [sql.Identifier(name) for (name,) in tables]
        self._keep()
        self._kept = self._state()

    def close(self) -> None:
        super().close()
        self._rows.close()

    def copy(self, folder: Path) -> str:
        return self.server.new_database(f"station_{folder.name}", template="filled")

    def renew(self) -> None:
        self._rows.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid != pg_backend_pid()"
        )
        now = self._state()
        changed = [
            t for t, old, new in zip(self._tables, self._kept, now, strict=True) if old != new
        ]
        with self._rows.transaction():
            # Rows come back in any order, and what refers to them needs no checking.
            self._rows.execute("SET LOCAL session_replication_role = replica")
            for table in changed:
                self._rows.execute(sql.SQL("DELETE FROM {}").format(table))
                self._rows.execute(sql.SQL("INSERT INTO {0} SELECT * FROM kept.{0}").format(table))
            self._rows.execute('SELECT setval(name, last, called) FROM kept."sequences"')
        if changed:
            self._kept = self._state()

    def _keep(self) -> None:
        self._rows.execute("CREATE SCHEMA kept")
        for table in self._tables:
            self._rows.execute(sql.SQL("CREATE TABLE kept.{0} AS TABLE {0}").format(table))
        self._rows.execute(
            "CREATE TABLE kept.sequences AS SELECT sequencename::regclass AS name,"
            " coalesce(last_value, 1) AS last, last_value IS NOT NULL AS called"
            " FROM pg_sequences WHERE schemaname = 'public'"
        )

    def _state(self) -> list[tuple[int, int]]:
        """Return each table's number of rows and its youngest transaction."""
        ask = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {0}, count(*), coalesce(max(xmin::text::bigint), 0) FROM {1}").format(
                number, table
            )
            for number, table in enumerate(self._tables)
        )
        rows = self._rows.execute(ask)
        return [(count, youngest) for _number, count, youngest in sorted(rows)]
