"""The two servers of a bench: the station with enough queues and counters, and the bare app."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase
from tempfile import TemporaryDirectory

from kiosk import clock, db
from kiosk.staff import models as _staff  # noqa: F401 - counters refer to its tables
from kiosk.stations.queries import get_station
from kiosk.tickets import actions
from tests.load.bench.load import Job, Reply, request
from tests.servers import BIN, ROOT, Postgres, Station, running

CODE = "raffles-city"
HALL = f"/api/v1/stations/{CODE}"
COUNTERS = 32


class Bare(Station):
    """The bare app, on the same server with the same settings."""

    def command(self) -> list[str | Path]:
        config = ROOT / "gunicorn.conf.py"
        return [BIN / "gunicorn", "--config", config, "tests.load.bench.bare:app"]


@dataclass(frozen=True)
class Stage:
    """Both servers, and who may ask the station."""

    station: Station
    bare: Bare
    kiosk: str
    clerk: str

    def inserts(self) -> Job:
        """Write one row in the bare app."""
        ask = request("POST", "/insert", '{"queue": "A"}')
        return Job(self.bare.port, lambda _number: ask, lambda reply: reply.status == 201)

    def issues(self, run: str) -> Job:
        """Issue one ticket, by turns in every queue; `run` keeps the keys of one run apart."""
        bearer = f"Bearer {self.kiosk}"

        def ask(number: int) -> bytes:
            letter = ascii_uppercase[number % len(ascii_uppercase)]
            body, key = f'{{"queue": "{letter}"}}', f"{run}-{number}"
            return request(
                "POST", f"{HALL}/tickets", body, Authorization=bearer, Idempotency_Key=key
            )

        return Job(self.station.port, ask, lambda reply: reply.status == 201)

    def calls(self) -> Job:
        """Call the next one, by turns to every counter."""
        bearer = f"Bearer {self.clerk}"
        asks = [
            request("POST", f"{HALL}/counters/{number}/call-next", Authorization=bearer)
            for number in range(1, COUNTERS + 1)
        ]
        return Job(self.station.port, lambda number: asks[number % COUNTERS], _has_ticket)


def _has_ticket(reply: Reply) -> bool:
    return b'"ticket":null' not in reply.body


@contextmanager
def stage(
    cluster: Postgres | None = None, furnish: Callable[[], None] | None = None
) -> Iterator[Stage]:
    """Set both up on SQLite, or on PostgreSQL where a cluster is given.

    `furnish` writes more into the station's database before it starts.
    """
    with TemporaryDirectory(prefix="loumenkou-") as folder:
        station = Station(_made(Path(folder, "station")), app=ROOT, **_database("station", cluster))
        bare = Bare(_made(Path(folder, "bare")), app=ROOT, **_database("bare", cluster))
        station.flask("setup")
        at = ("--station", CODE)
        kiosk = station.flask("stations", "device", "bench", "--kind", "kiosk", *at).split()[-1]
        clerk = station.flask("staff", "token", "bench", "--role", "clerk", *at).split()[-1]
        _furnish(station.settings, furnish)
        with running(station), running(bare):
            yield Stage(station, bare, kiosk, clerk)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _database(name: str, cluster: Postgres | None) -> dict[str, str]:
    return {"DATABASE_URL": cluster.new_database(name)} if cluster else {}


def _furnish(settings: Mapping[str, str], more: Callable[[], None] | None) -> None:
    """Open queues for thousands of numbers, and counters for every clerk."""
    folder = Path(settings["DATA_DIR"])
    engine = db.connect(settings.get("DATABASE_URL") or f"sqlite:///{folder / 'loumenkou.db'}")
    station = get_station(CODE)
    at = clock.now()
    with db.transaction():
        for letter in ascii_uppercase[5:]:
            actions.add_queue(station, letter, letter, letter, 8, at=at)
        for number in range(5, COUNTERS + 1):
            letters = " ".join(ascii_uppercase[number - 5 :: 7])
            actions.add_counter(station, number, "", "", letters, at=at)
    if more:
        more()
    db.session.remove()
    engine.dispose()
