"""A running station with the tokens of its kiosk and its clerk, as the load tests use it."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from threading import Barrier
from typing import Any, TypeVar

import httpx

from kiosk import db
from tests.servers import NO_CERTIFICATES, PATIENCE_SECONDS, Station

HALL = "/api/v1/stations/raffles-city"

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True)
class Lobby:
    """The sample station that is open all day."""

    station: Station
    kiosk: str
    clerk: str

    def visitor(self) -> httpx.Client:
        """Open a connection in the kiosk's name."""
        return self._client(self.kiosk)

    def worker(self) -> httpx.Client:
        """Open a connection in a clerk's name."""
        return self._client(self.clerk)

    def anybody(self) -> httpx.Client:
        """Open a connection in nobody's name."""
        return httpx.Client(
            base_url=self.station.url, timeout=PATIENCE_SECONDS, verify=NO_CERTIFICATES
        )

    def _client(self, token: str) -> httpx.Client:
        client = self.anybody()
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    @contextmanager
    def from_aside(self) -> Iterator[None]:
        """Open its database in this process, beside the station."""
        engine = db.connect(self.station.settings["DATABASE_URL"])
        yield
        db.session.remove()
        engine.dispose()

    def take(self, letter: str, count: int = 1) -> list[dict[str, Any]]:
        """Take some numbers, one after the other."""
        with self.visitor() as visitor:
            return [take(visitor, letter).raise_for_status().json() for _ in range(count)]

    def ticket(self, token: str) -> dict[str, Any]:
        """Ask for a ticket as its owner's phone does."""
        return self._get(f"/api/v1/tickets/{token}")

    def snapshot(self, topic: str) -> dict[str, Any]:
        """Ask for a topic's snapshot."""
        return self._get(f"/api/v1/live/{topic}")

    def _get(self, path: str) -> dict[str, Any]:
        with self.anybody() as visitor:
            return dict(visitor.get(path).raise_for_status().json())


Opens = Callable[..., AbstractContextManager[Lobby]]


def take(visitor: httpx.Client, letter: str, key: str = "") -> httpx.Response:
    """Take a number."""
    headers = {"Idempotency-Key": key} if key else {}
    return visitor.post(f"{HALL}/tickets", json={"queue": letter}, headers=headers)


def at_counter(worker: httpx.Client, counter: int, verb: str) -> httpx.Response:
    """Do something at a counter: `call-next`, `start`, `finish`."""
    return worker.post(f"{HALL}/counters/{counter}/{verb}")


def all_at_once(act: Callable[[A], B], things: Iterable[A]) -> list[B]:
    """Act on every thing in a thread of its own, all starting at the same moment."""
    queue = list(things)
    gate = Barrier(len(queue))

    def start(thing: A) -> B:
        gate.wait()
        return act(thing)

    with ThreadPoolExecutor(len(queue)) as threads:
        return list(threads.map(start, queue))
