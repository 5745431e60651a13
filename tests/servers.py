"""Start real servers for the tests, each a process of its own that can be stopped and killed."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from tempfile import TemporaryDirectory
from typing import TypeVar

import psycopg
import redis as redis_client
from psycopg import sql

from tests import programs

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PATIENCE_SECONDS = 90

# What a developer may have set for a station of their own; and servers start so often here that
# their compiled code is worth keeping.
SETTINGS = {"DATA_DIR", "DATABASE_URL", "PORT", "PUBLIC_URL", "REDIS_URL", "WEB_CONCURRENCY"}
SETTINGS |= {"PYTHONDONTWRITEBYTECODE"}

# Reading the system's certificates takes longer than the requests, and nothing here needs them.
NO_CERTIFICATES = SSLContext(PROTOCOL_TLS_CLIENT)

# Chromium in a container: no sandbox (root may not have one) and no talk with its maker.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


class Server:
    """A process group with a log, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / f"{type(self).__name__.lower()}.log"
        self.user: str | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str | Path]:
        raise NotImplementedError

    def environ(self) -> Mapping[str, str]:
        return os.environ

    def is_up(self) -> bool:
        """Tell whether it answers."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                env=self.environ(),
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.user,
            )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.is_up():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                msg = f"{type(self).__name__} did not start:\n{self.tail()}"
                raise RuntimeError(msg)
            time.sleep(0.05)

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End all its processes at once, as a power cut would."""
        self._signal(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it and start it at the same address."""
        self.stop()
        self.start()

    def tail(self, lines: int = 40) -> str:
        """Show the end of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            os.killpg(self._process.pid, number)
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            raise
        finally:
            self._process = None


class Postgres(Server):
    """A PostgreSQL cluster that listens on a socket in its folder.

    Not durable means: faster, and lost in a power cut. Benches want it durable. One that is not
    new runs already, started by another process.
    """

    def __init__(self, folder: Path, *, durable: bool = False, is_new: bool = True) -> None:
        super().__init__(folder)
        self.durable = durable
        programs_folder = programs.postgres_folder()
        assert programs_folder, "PostgreSQL is missing: make test installs it"
        self.programs = programs_folder
        if os.geteuid() == 0:  # PostgreSQL refuses root
            names = {entry.pw_name for entry in pwd.getpwall()}
            self.user = "postgres" if "postgres" in names else "nobody"
            shutil.chown(folder, self.user)
        if is_new:
            self._initialise()

    def _initialise(self) -> None:
        self.data = self.folder / "data"
        command: list[str | Path] = [self.programs / "initdb", "--pgdata", self.data]
        command += ["--username=loumenkou", "--auth=trust", "--encoding=UTF8", "--locale=C"]
        with self.log.open("ab") as log:
            subprocess.run(
                [*command, "--no-sync"],
                cwd=self.folder,
                user=self.user,
                stdout=log,
                stderr=log,
                check=True,
            )

    def command(self) -> list[str | Path]:
        careless = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        careless += ["autovacuum=off"]  # no test lives that long
        settings = ["listen_addresses=", "max_connections=200"]
        settings += [] if self.durable else careless
        options = [word for setting in settings for word in ("-c", setting)]
        return [self.programs / "postgres", "-D", self.data, "-k", self.folder, *options]

    def is_up(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        """Name a database as DATABASE_URL does."""
        return f"postgresql+psycopg://loumenkou@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Open a connection that commits every statement."""
        return psycopg.connect(
            host=str(self.folder), user="loumenkou", dbname=database, autocommit=True
        )

    def new_database(self, name: str, template: str = "template0") -> str:
        """Make an empty database, or a copy of another, in place of any of that name."""
        words = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        with self.connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {name} WITH (FORCE)").format(**words)
            )
            connection.execute(
                sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**words)
            )
        return self.url(name)

    def stop(self) -> None:
        """End it without waiting for those who are still connected."""
        self._signal(signal.SIGINT)


class Redis(Server):
    """A Redis that keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str | Path]:
        program = programs.redis_server()
        assert program, "Redis is missing: make test installs it"
        return [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]

    def is_up(self) -> bool:
        with redis_client.Redis(port=self.port) as client:
            try:
                return bool(client.ping())
            except redis_client.ConnectionError:
                return False


class Station(Server):
    """The station as `make run` starts it, on a port of its own.

    settings: DATABASE_URL, REDIS_URL, WEB_CONCURRENCY, … as in the environment. app: the folder
    of wsgi.py, for tests of this class.
    """

    def __init__(self, data_dir: Path, *, app: Path = ROOT, **settings: str) -> None:
        super().__init__(app)
        self.log = data_dir / "station.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = {"DATA_DIR": str(data_dir), "PORT": str(self.port), **settings}

    def command(self) -> list[str | Path]:
        return [BIN / "gunicorn", "--config", ROOT / "gunicorn.conf.py", "wsgi:app"]

    def environ(self) -> Mapping[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        return {**inherited, "PYTHONPATH": str(ROOT), **self.settings}

    def is_up(self) -> bool:
        # Asked often while it starts, so by the plainest means.
        asked = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            asked.request("GET", "/healthz")
            return asked.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            asked.close()

    def flask(self, *words: str) -> str:
        """Run a command of the station with the same settings; answer what it prints."""
        ran = subprocess.run(
            [BIN / "flask", "--app", "wsgi", *words],
            cwd=self.folder,
            env=self.environ(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, f"flask {' '.join(words)}:\n{ran.stdout}{ran.stderr}"
        return ran.stdout


S = TypeVar("S", bound=Server)


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """Run a PostgreSQL of our own."""
    with (
        TemporaryDirectory(prefix="loumenkou-") as folder,
        running(Postgres(Path(folder), durable=durable)) as server,
    ):
        yield server


@contextmanager
def redis() -> Iterator[Redis]:
    """Run a Redis of our own."""
    with (
        TemporaryDirectory(prefix="loumenkou-") as folder,
        running(Redis(Path(folder))) as server,
    ):
        yield server


@contextmanager
def running(server: S) -> Iterator[S]:
    """Run a server for as long as the block lasts."""
    server.start()
    try:
        yield server
    finally:
        server.stop()
