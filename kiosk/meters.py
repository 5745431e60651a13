"""Figures for operators, counted where things happen: about the server, never about people.

With several workers they stand in files, and any worker tells the sum (gunicorn.conf.py).
"""

import os
import time

from prometheus_client import REGISTRY, CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_requests = Histogram(
    "loumenkou_request_seconds",
    "How long requests took, by the route's name and the answer's status.",
    ["route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_sockets = Gauge(
    "loumenkou_sockets", "Open sockets: pages that watch.", multiprocess_mode="livesum"
)
_swept = Gauge(
    "loumenkou_swept_timestamp_seconds",
    "When the clock's work was done last.",
    multiprocess_mode="livemax",
)
_forecast = Gauge(
    "loumenkou_forecast_timestamp_seconds",
    "When the forecast looked at all stations last.",
    multiprocess_mode="livemax",
)


def request_ended(route: str, status: int, seconds: float) -> None:
    """Count an answer."""
    _requests.labels(route, str(status)).observe(seconds)


def socket_opened() -> None:
    """Count a page that watches."""
    _sockets.inc()


def socket_closed() -> None:
    """Count a page less."""
    _sockets.dec()


def swept() -> None:
    """Note that the clock's work is done for now."""
    _swept.set(time.time())


def looked_ahead() -> None:
    """Note that the forecast has looked at all stations."""
    _forecast.set(time.time())


def told() -> bytes:
    """Return all of it in Prometheus's text format."""
    registry = REGISTRY
    if FOLDER in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
