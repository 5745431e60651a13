"""A station for every test: fresh, with its catalog, on SQLite and on PostgreSQL."""

import gc
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import time_machine
from flask import Flask

from admin import routes as admin
from kiosk import routes as kiosk
from kiosk.app import create_app
from kiosk.catalog import current
from kiosk.config import Config
from tests.cast import Cast
from tests.databases import Filled, FilledPostgres, FilledSqlite, memory
from tests.servers import Postgres, postgres

# With its usual patience the collector looks through the whole catalog again and again.
gc.set_threshold(20_000, 20, 20)

# A Friday morning in Shanghai.
MORNING = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
DATABASES = ("sqlite", "postgresql")
# A slow machine is no reason to get the word of an old index.
current.PATIENCE = 60.0


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_database() -> Iterator[Filled]:
    with (
        TemporaryDirectory(prefix="loumenkou-", dir=memory()) as folder,
        closing(FilledSqlite(Path(folder))) as database,
    ):
        yield database


@pytest.fixture(scope="session")
def postgresql_database(postgres_server: Postgres) -> Iterator[Filled]:
    with closing(FilledPostgres(postgres_server)) as database:
        yield database


@pytest.fixture(scope="session", params=DATABASES)
def database(request: pytest.FixtureRequest) -> Filled:
    """Take each database in turn; both stay, so that taking one again costs nothing."""
    database: Filled = request.getfixturevalue(f"{request.param}_database")
    return database


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def database_free_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Make an app whose own database is never opened."""
    config = Config(data_dir=tmp_path_factory.mktemp("bare"), secret_key="test", is_testing=True)
    return create_app(config, kiosk, admin)


@pytest.fixture
def app(
    database_free_app: Flask, database: Filled, clock: time_machine.Traveller
) -> Iterator[Flask]:
    database.open()
    database_free_app.extensions["pace"].storage.reset()
    yield database_free_app
    database.leave()


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast(app)
