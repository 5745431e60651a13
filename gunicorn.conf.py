"""Run the server: one worker that holds thousands of sockets, or several with Redis between them.

PORT and WEB_CONCURRENCY set the port (8000) and the number of workers (1). What the station
itself reads from the environment stands in kiosk/config.py.
"""

import gc
import os
import resource
import shutil
import sys
import tempfile
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from kiosk.log import Discreet

OPEN_FILES = 65_536
FIGURES = "PROMETHEUS_MULTIPROC_DIR"
ALONE = (
    "More than one worker needs REDIS_URL: without Redis a message reaches only the browsers of "
    "the worker that sends it. Set REDIS_URL, or start one worker."
)


class DiscreetLogger(Logger):
    """Log errors as gunicorn does, without the secrets that stand in addresses."""

    def setup(self, cfg: Config) -> None:
        """Hand the finished text of every line to kiosk.log."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Discreet(self.error_fmt, self.datefmt))
        for handler in self.access_log.handlers:
            handler.setFormatter(Discreet(self.access_fmt))


def _raise_open_files() -> None:
    """Allow this process as many sockets as the system lets it have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _is_deaf(workers: int) -> bool:
    """Tell whether that many workers would not hear each other."""
    return workers > 1 and not os.environ.get("REDIS_URL")


def _share_figures(workers: int) -> None:
    """Give several workers a folder for their figures, so that each can tell the sum."""
    if workers > 1 and not os.environ.get(FIGURES):
        os.environ[FIGURES] = tempfile.mkdtemp(prefix="loumenkou-")


def on_exit(_server: Arbiter) -> None:
    """Take that folder away."""
    if os.environ.get(FIGURES, "").startswith(tempfile.gettempdir()):
        shutil.rmtree(os.environ[FIGURES], ignore_errors=True)


def child_exit(_server: Arbiter, worker: Worker) -> None:
    """Count a worker that is gone no more among those that are alive."""
    for file in Path(os.environ.get(FIGURES) or os.devnull).glob(f"gauge_live*_{worker.pid}.db"):
        file.unlink(missing_ok=True)


def on_starting(server: Arbiter) -> None:
    """Refuse to start what would lose messages silently."""
    if _is_deaf(server.num_workers):
        print(ALONE, file=sys.stderr)
        sys.exit(1)
    _share_figures(server.num_workers)
    _raise_open_files()


def nworkers_changed(server: Arbiter, new: int, old: int | None) -> None:
    """Refuse a further worker (signal TTIN) for the same reason."""
    if old and new > old and _is_deaf(new):
        server.log.error(ALONE)
        server.num_workers = old


def post_worker_init(worker: Worker) -> None:
    """Let the clock run, and say, once, that visitors can come in."""
    gc.collect()
    gc.freeze()  # what was loaded stays; the collector need not walk through it again and again
    # To walk through what thousands of open sockets hold takes a tenth of a second: seldom.
    gc.set_threshold(10_000, 50, 100)
    worker.wsgi.extensions["sweeper"]()
    if worker.age == 1:
        port = worker.sockets[0].getsockname()[1]
        print(f"Ready: http://localhost:{port}/", flush=True)


bind = f"0.0.0.0:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 1)
worker_class = "gevent"
# Above this number gevent stops accepting, and further visitors hang.
worker_connections = 5_000
# Open sockets never end by themselves; browsers come back at once.
graceful_timeout = 3
# Longer than the 60 s for which reverse proxies keep their connections.
keepalive = 75

# Addresses carry tokens, so there is no access log; a reverse proxy can keep one without them.
accesslog = None
loglevel = "warning"
logger_class = DiscreetLogger
# Its socket would stand in the home folder, where a second station would take it over.
control_socket_disable = True
