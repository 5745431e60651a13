"""The database: one session a request, and the only commit in the house.

Each question sees what was committed before it, on both databases. Writes happen inside
`transaction()`, which on SQLite takes the write lock at once (`BEGIN IMMEDIATE`) instead of
failing halfway.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import RLock
from typing import Any, Literal, TypeVar

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    String,
    Table,
    TypeDecorator,
    create_engine,
)
from sqlalchemy import event as events
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session, sessionmaker

from kiosk import live

session = scoped_session(sessionmaker(expire_on_commit=False))

Database = Literal["sqlite", "postgresql"]
T = TypeVar("T")

_one_writer = RLock()


class Moment(TypeDecorator[datetime]):
    """A point in time: aware and in UTC in Python, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Store UTC; refuse a time that does not say its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return UTC; SQLite keeps no zone, so it is set here."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(choices: type[StrEnum], name: str = "") -> Enum:
    """Return the column type of a word out of a few, which the database checks.

    A table with two columns of the same words gives the second a `name` of its own.
    """
    return Enum(
        choices,
        **({"name": name} if name else {}),
        native_enum=False,
        create_constraint=True,
        values_callable=lambda words: [word.value for word in words],
    )


class Model(DeclarativeBase):
    """The base of every noun that has a table; constraints get names that migrations can use."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own form
        datetime: Moment,
        str: String,
        StrEnum: words(StrEnum),
    }


def connect(url: str) -> Engine:
    """Open the database at `url` and make every session use it."""
    engine = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)
    session.remove()
    session.configure(bind=engine)
    return engine


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url, pool_size=10, max_overflow=0, connect_args={"timeout": 20, "isolation_level": None}
    )

    @events.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's own
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-16000",
            "wal_autocheckpoint=8000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _postgresql(url: str) -> Engine:
    return create_engine(url, pool_size=16, max_overflow=0, pool_pre_ping=True)


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit all of the block or nothing of it, then tell the world.

    Nothing that waits (a printer, a socket, another service) stands inside.
    """
    # Who waits for its turn to write has a connection by then: the one whose turn it is must not
    # wait for theirs.
    connection = session.connection()
    with _one_writer if database() == "sqlite" else nullcontext():
        live.begin()
        try:
            lock(connection)
            yield session()
            session.commit()
        except BaseException:
            session.rollback()
            live.forget()
            raise
    live.announce()


def lock(connection: Connection) -> None:
    """Take SQLite's write lock; a connection that only read so far has no transaction there."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def database() -> Database:
    """Tell which database is open."""
    return "sqlite" if session.get_bind().dialect.name == "sqlite" else "postgresql"


def in_turns(rows: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """Yield many rows in slices, and let other requests have their turn between them."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
        time.sleep(0)


def insert_all(target: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows that nobody has to hear of; columns that are left out are NULL."""
    table = target.metadata.tables[target.__tablename__]
    for part in in_turns(rows):
        session.connection().execute(table.insert(), part)


def insert_into(
    target: type[Model] | Table, dialect: Database | None = None
) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that knows ON CONFLICT, for the open database or another."""
    if (dialect or database()) == "sqlite":
        return sqlite.insert(target)
    return postgresql.insert(target)


def migrate() -> None:
    """Bring the open database to the newest shape."""
    with session.get_bind().connect() as connection, connection.begin():  # type: ignore[union-attr]
        lock(connection)
        command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection | None = None) -> AlembicConfig:
    """Return Alembic's settings, bound to a connection where one is given."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
