"""Prepared stations on both databases; each test file gets a fresh copy that runs."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.load.lobby import Lobby, Opens
from tests.servers import ROOT, Postgres, Station, running

# Servers start often here: their compiled code is kept, also where the tests' own is not.
COMPILED = {
    "PYTHONDONTWRITEBYTECODE": "",
    "PYTHONPYCACHEPREFIX": str(ROOT / ".cache" / "python"),
}
AT = ("--station", "raffles-city")


class Copies:
    """A station that was set up once, and any number of copies of it."""

    def __init__(self, folder: Path, cluster: Postgres | None = None) -> None:
        self.folder = folder
        self.cluster = cluster
        self.made = 0
        original = self._original()
        original.flask("setup")
        kiosk = original.flask("stations", "device", "kiosk", "--kind", "kiosk", *AT)
        clerk = original.flask("staff", "token", "clerk", "--role", "clerk", *AT)
        self.kiosk, self.clerk = kiosk.split()[-1], clerk.split()[-1]

    def _original(self) -> Station:
        data = self.folder / "original"
        data.mkdir()
        database = (
            {"DATABASE_URL": self.cluster.new_database("original_station")} if self.cluster else {}
        )
        return Station(data, app=ROOT, **COMPILED, **database)

    @contextmanager
    def open(self, **settings: str) -> Iterator[Lobby]:
        """Run a copy with these settings."""
        self.made += 1
        data = self.folder / str(self.made)
        shutil.copytree(self.folder / "original", data)
        if self.cluster:
            url = self.cluster.new_database(f"copy_station_{self.made}", "original_station")
            settings["DATABASE_URL"] = url
        with running(Station(data, app=ROOT, **COMPILED, **settings)) as station:
            yield Lobby(station, self.kiosk, self.clerk)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Opens:
    return Copies(tmp_path_factory.mktemp("sqlite")).open


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory, postgres_server: Postgres) -> Opens:
    return Copies(tmp_path_factory.mktemp("postgresql"), postgres_server).open


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def opens(request: pytest.FixtureRequest) -> Opens:
    """Open a station on each database in turn."""
    opens: Opens = request.getfixturevalue(request.param)
    return opens


@pytest.fixture(scope="module")
def lobby(opens: Opens) -> Iterator[Lobby]:
    """Run a station on each database in turn, shared by the tests of one file."""
    with opens() as lobby:
        yield lobby
