"""Stations that run, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from kiosk import db
from tests.cast import Cast
from tests.databases import Filled
from tests.hours import until_midnight_is_past
from tests.load.lobby import Lobby, Opens
from tests.servers import ROOT, Station, running


@pytest.fixture(autouse=True)
def in_one_day() -> None:
    """Let no story begin on one day and end on the next."""
    until_midnight_is_past()


class Copies:
    """Any number of stations, each with a copy of the same database."""

    def __init__(self, folder: Path, database: Filled) -> None:
        self.folder = folder
        self.database = database
        self.made = 0

    @contextmanager
    def open(self, **settings: str) -> Iterator[Lobby]:
        """Run a copy with these settings."""
        self.made += 1
        data = self.folder / str(self.made)
        data.mkdir()
        url = self.database.copy(data)
        engine = db.connect(url)
        cast = Cast(Flask("nobody"))
        kiosk, clerk = cast.kiosk_token, cast.clerk_token
        db.session.remove()
        engine.dispose()
        with running(Station(data, app=ROOT, DATABASE_URL=url, **settings)) as station:
            yield Lobby(station, kiosk, clerk)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory, sqlite_database: Filled) -> Opens:
    return Copies(tmp_path_factory.mktemp("stations"), sqlite_database).open


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory, postgresql_database: Filled) -> Opens:
    return Copies(tmp_path_factory.mktemp("stations"), postgresql_database).open


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def opens(request: pytest.FixtureRequest) -> Opens:
    """Open a station on each database in turn."""
    opens: Opens = request.getfixturevalue(request.param)
    return opens


@pytest.fixture(scope="package")
def lobby(opens: Opens) -> Iterator[Lobby]:
    """Run a station on each database in turn, shared by all tests that leave it running."""
    with opens() as lobby:
        yield lobby
