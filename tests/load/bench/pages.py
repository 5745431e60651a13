"""The kiosk's home: how long the server takes, and how much a first view weighs."""

import re
import time
from dataclasses import dataclass
from statistics import median
from urllib.parse import urljoin, urlsplit

from tests.load.bench.load import Connection, request
from tests.load.bench.stage import CODE, Stage

HOME = f"/s/{CODE}/"
ROUNDS = 150
# What a page, a stylesheet or a script fetches by itself.
FETCHED = re.compile(
    rb'<(?:link|script|img|use)\b[^>]*?\b(?:href|src)="([^"#]+)'
    rb'|\bimport\b[^;"\']*["\']([^"\']+)["\']|\burl\(["\']?([^)"\']+)'
)


@dataclass(frozen=True)
class Page:
    """Milliseconds (median) beside a bare answer, and compressed bytes of the first view."""

    milliseconds: float
    bare: float
    size: int
    files: int


def home(stage: Stage, cookie: str) -> Page:
    """Measure the home page as a browser with this cookie gets it."""
    headers = {"Accept-Encoding": "gzip", "Cookie": cookie}
    ours, bare = [], []
    page, answer = Connection(stage.station.port), Connection(stage.bare.port)
    for _ in range(ROUNDS):
        ours.append(_milliseconds(page, request("GET", HOME, **headers)))
        bare.append(_milliseconds(answer, request("GET", "/answer")))
    size, files = _weigh(page, headers)
    return Page(median(ours), median(bare), size, files)


def _milliseconds(connection: Connection, asked: bytes) -> float:
    started = time.perf_counter()
    assert connection.ask(asked).status == 200
    return (time.perf_counter() - started) * 1000


def _weigh(connection: Connection, headers: dict[str, str]) -> tuple[int, int]:
    """Fetch the page and all that it needs; return the bytes on the wire and the files."""
    todo, done, size = [HOME], set(), 0
    plain = {**headers, "Accept-Encoding": "identity"}
    while todo:
        path = todo.pop()
        if urlsplit(path).path in done:
            continue
        done.add(urlsplit(path).path)
        sent = connection.ask(request("GET", path, **headers))
        assert sent.status == 200, path
        size += len(sent.body)
        text = connection.ask(request("GET", path, **plain)).body
        for found in FETCHED.findall(text):
            address = urljoin(path, next(filter(None, found)).decode())
            if address.startswith("/static/"):
                todo.append(address)
    return size, len(done)
