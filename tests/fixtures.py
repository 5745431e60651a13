"""A station for every test: fresh, with its catalog, on SQLite and on PostgreSQL."""

import gc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import time_machine
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from admin import routes as admin
from kiosk import routes as kiosk
from kiosk.app import create_app
from kiosk.catalog import current
from kiosk.config import Config
from kiosk.printing import wire
from kiosk.staff import actions as staff
from kiosk.tickets.outlook import outlook
from tests.cast import Cast
from tests.databases import Filled, FilledPostgres, FilledSqlite, memory
from tests.hours import MORNING
from tests.servers import Postgres
from tests.turns import shared_postgres

# With its usual patience the collector looks through the whole catalog again and again.
gc.set_threshold(20_000, 20, 20)

DATABASES = ("sqlite", "postgresql")
# A slow machine is no reason to get the word of an old index, nor to find a printer silent.
current.PATIENCE = wire.PATIENCE = wire.IN_ALL = wire.ANSWER_WITHIN = 60.0
# Nobody guesses the passwords of tests.
HASHING, staff.HASHING = staff.HASHING, "scrypt:256:8:1"
staff._NOBODY = staff._NOBODY.replace(HASHING, staff.HASHING)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: one worker starts the servers, and nobody waits at the end."""
    items.sort(key=lambda item: "/load/" not in item.nodeid)


def pytest_collection_finish() -> None:
    """Keep the collector from walking through what was loaded, again and again to the end."""
    gc.freeze()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder that all workers of this run see."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def postgres_server(shared: Path) -> Iterator[Postgres]:
    with shared_postgres(shared) as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_database(shared: Path) -> Iterator[Filled]:
    with (
        TemporaryDirectory(prefix="loumenkou-", dir=memory()) as folder,
        closing(FilledSqlite(Path(folder), shared)) as database,
    ):
        yield database


@pytest.fixture(scope="session")
def postgresql_database(postgres_server: Postgres, worker_id: str) -> Iterator[Filled]:
    with closing(FilledPostgres(postgres_server, worker_id)) as database:
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
def database_free_app(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Flask:
    """Make an app whose own database is never opened."""
    config = Config(data_dir=tmp_path_factory.mktemp("bare"), secret_key="test", is_testing=True)
    app = create_app(config, kiosk, admin)
    templates = shared / "templates"
    templates.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(templates))
    return app


@pytest.fixture
def app(
    database_free_app: Flask, database: Filled, clock: time_machine.Traveller
) -> Iterator[Flask]:
    database.open()
    database_free_app.extensions["pace"].storage.reset()
    database_free_app.extensions.pop("charts", None)
    outlook.forget()
    yield database_free_app
    database.leave()


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast(app)
