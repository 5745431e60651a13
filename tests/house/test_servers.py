"""The servers that other tests stand on: PostgreSQL, Redis, and the station's own process."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import redis as redis_client
import sqlalchemy as sa

from tests.servers import (
    NO_CERTIFICATES,
    PATIENCE_SECONDS,
    Postgres,
    Station,
    postgres,
    redis,
    running,
)

# So long gunicorn waits for visitors before it stops, if nobody sets it.
GUNICORNS_OWN_SECONDS = 30

# An app in place of the station, so that the server alone is under test.
APP = """
import os, time
from flask import Flask

flask = Flask(__name__)

@flask.get("/healthz")
def healthz():
    return str(os.getpid())

@flask.get("/sleep")
def sleep():
    def answer():
        yield "begun"
        time.sleep(600)
    return answer()

def fragile(environ, start_response):
    if environ["PATH_INFO"].startswith("/t/"):
        raise RuntimeError("no answer for " + environ["RAW_URI"])
    return answer(environ, start_response)

answer, flask.wsgi_app = flask.wsgi_app, fragile
flask.extensions["sweeper"] = lambda: None
app = flask

@flask.cli.command("greet")
def greet():
    print("hello", os.environ["DATA_DIR"])
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "wsgi.py").write_text(APP)
    return tmp_path


@pytest.fixture
def server(app: Path) -> Iterator[Station]:
    station = Station(app, app=app)
    station.start()
    yield station
    station.kill()


def _refusal(app: Path, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Start gunicorn where we expect that it ends at once."""
    station = Station(app, app=app, **settings)
    return subprocess.run(
        [*station.command(), *options],
        cwd=app,
        env=station.environ(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def _get(server: Station, path: str) -> httpx.Response:
    return httpx.get(f"{server.url}{path}", timeout=PATIENCE_SECONDS, verify=NO_CERTIFICATES)


def _worker(server: Station) -> str:
    """Return the process that answers."""
    return _get(server, "/healthz").text


def test_postgres_survives_being_killed() -> None:
    with postgres(durable=True) as server:
        engine = sa.create_engine(server.new_database("lobby"), poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE number (seq integer)"))
            connection.execute(sa.text("INSERT INTO number VALUES (7)"))
        server.kill()
        server.start()
        with engine.begin() as connection:
            assert connection.scalar(sa.text("SELECT seq FROM number")) == 7


def test_new_database_replaces_and_copies(postgres_server: Postgres) -> None:
    server = postgres_server
    engine = sa.create_engine(server.new_database("model"), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE number (seq integer)"))
    copy = sa.create_engine(server.new_database("copy", "model"), poolclass=sa.NullPool)
    assert sa.inspect(copy).get_table_names() == ["number"]
    server.new_database("copy")
    assert sa.inspect(copy).get_table_names() == []


def test_redis_comes_back_at_the_same_address() -> None:
    with redis() as server, redis_client.Redis.from_url(server.url) as client:
        client.set("number", 7)
        assert client.get("number") == b"7"
        server.kill()
        with pytest.raises(redis_client.ConnectionError):
            client.ping()
        server.start()
        assert client.get("number") is None


def test_station_says_when_it_is_ready(server: Station) -> None:
    assert server.tail() == f"Ready: http://localhost:{server.port}/"


def test_station_lives_and_dies_as_a_group(server: Station) -> None:
    worker = int(_worker(server))
    server.kill()
    with pytest.raises(ProcessLookupError):
        _wait_for_end(worker)
    server.start()
    assert int(_worker(server)) != worker


def _wait_for_end(process: int) -> None:
    """Ask for a process until asking fails."""
    _wait_until(lambda: os.kill(process, 0))


def _wait_until(is_so: Callable[[], object]) -> None:
    """Ask until it is so, or until nobody has patience any more."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.02)


def test_station_runs_commands_with_its_settings(app: Path) -> None:
    assert Station(app, app=app).flask("greet") == f"hello {app}\n"


def test_station_shows_its_log_when_it_does_not_start(app: Path) -> None:
    (app / "wsgi.py").write_text("raise RuntimeError('the roof is missing')")
    with pytest.raises(RuntimeError, match="the roof is missing"):
        Station(app, app=app).start()


def test_restart_is_swift_when_somebody_is_connected(server: Station) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as visitor:
        visitor.sendall(b"GET /sleep HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert visitor.recv(1)
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < GUNICORNS_OWN_SECONDS / 2
    server.start()


def test_second_worker_is_refused_without_redis(app: Path) -> None:
    for refused in (_refusal(app, "-w", "2"), _refusal(app, WEB_CONCURRENCY="2")):
        assert refused.returncode == 1
        assert refused.stderr.startswith("More than one worker needs REDIS_URL")
        assert refused.stdout == ""


def test_second_worker_is_refused_while_running(server: Station) -> None:
    assert server._process
    os.kill(server._process.pid, signal.SIGTTIN)
    _wait_until(lambda: "More than one worker needs REDIS_URL" in server.tail())
    assert "More than one worker needs REDIS_URL" in server.tail()
    assert len({_worker(server) for _ in range(20)}) == 1


def test_two_workers_start_with_redis(app: Path) -> None:
    two = Station(app, app=app, WEB_CONCURRENCY="2", REDIS_URL="redis://127.0.0.1:1/0")
    with running(two):
        seen: set[str] = set()

        def are_both_seen() -> bool:
            seen.add(_worker(two))
            return len(seen) == 2

        _wait_until(are_both_seen)
        assert len(seen) == 2
        assert two.tail().count("Ready:") == 1


def test_no_token_reaches_the_log(server: Station) -> None:
    assert _get(server, "/t/s3cret?phone=13800138000").status_code == 500
    assert "Error handling request GET /t/…" in server.tail()
    assert re.search("s3cret|13800138000", server.log.read_text()) is None


def test_many_sockets_are_allowed(server: Station) -> None:
    worker = _worker(server)
    limits = Path(f"/proc/{worker}/limits").read_text()
    soft, hard = re.findall(r"Max open files\s+(\d+)\s+(\d+)", limits)[0]
    assert int(soft) == min(int(hard), 65_536)
