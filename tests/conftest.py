"""A station for every test: fresh, with its catalog, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine

from admin import routes as admin
from kiosk import db
from kiosk import routes as kiosk
from kiosk.app import create_app
from kiosk.catalog import current
from kiosk.config import Config
from kiosk.setup import fill
from tests.cast import Cast
from tests.servers import Postgres, postgres

# A Friday morning in Shanghai.
MORNING = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
DATABASES = ("sqlite", "postgresql")
# A slow machine is no reason to get the word of an old index.
current.PATIENCE = 60.0


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture(scope="session", params=DATABASES)
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> "Database":
    folder = tmp_path_factory.mktemp(request.param)
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    return Database(folder, server)


class Database:
    """A filled database, and copies of it: one for each test."""

    def __init__(self, folder: Path, server: Postgres | None) -> None:
        self.folder = folder
        self.server = server
        url = server.new_database("filled") if server else f"sqlite:///{folder / 'filled.db'}"
        self.app = create_app(
            Config(data_dir=folder, database_url=url, secret_key="test", is_testing=True),
            kiosk,
            admin,
        )
        engine: Engine = self.app.extensions["engine"]
        db.migrate()
        fill()
        db.session.remove()
        engine.dispose()

    def copy(self) -> str:
        """Make a fresh copy and return its address."""
        if self.server:
            return self.server.new_database("copy", template="filled")
        for stale in self.folder.glob("copy.db*"):
            stale.unlink()
        shutil.copy(self.folder / "filled.db", self.folder / "copy.db")
        return f"sqlite:///{self.folder / 'copy.db'}"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def app(database: Database, clock: time_machine.Traveller) -> Iterator[Flask]:
    engine = db.connect(database.copy())
    yield database.app
    db.session.remove()
    engine.dispose()


@pytest.fixture(scope="session")
def database_free_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Make an app whose database is never opened."""
    config = Config(data_dir=tmp_path_factory.mktemp("bare"), secret_key="test", is_testing=True)
    return create_app(config, kiosk, admin)


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast(app)
