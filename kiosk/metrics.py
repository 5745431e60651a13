"""What a monitoring system reads: the server's figures, and how every hall stands now."""

from collections.abc import Iterator

from flask import Response
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kiosk import meters
from kiosk.pickups.queries import last_sweep
from kiosk.stations.queries import stations
from kiosk.tickets.queries import calls_today, issued_today, queues_of, waiting_counts

_QUEUE = ["station", "queue"]


class Halls(Collector):
    """The halls as the database has them; what is counted begins anew at each midnight."""

    def collect(self) -> Iterator[Metric]:
        """Return who waits, what was given out and what was called today, queue by queue."""
        waiting = GaugeMetricFamily("loumenkou_waiting", "Numbers that wait.", labels=_QUEUE)
        issued = CounterMetricFamily(
            "loumenkou_tickets_issued", "Numbers given out today.", labels=_QUEUE
        )
        called = CounterMetricFamily(
            "loumenkou_tickets_called", "Calls and recalls today.", labels=["station"]
        )
        for station in stations():
            waits, given = waiting_counts(station), issued_today(station)
            for queue in queues_of(station):
                where = [station.code, queue.letter]
                waiting.add_metric(where, waits.get(queue.id, 0))
                issued.add_metric(where, given.get(queue.id, 0))
            called.add_metric([station.code], calls_today(station))
        yield from (waiting, issued, called)


class Clock(Collector):
    """The clock of pickups, which one worker at a time looks after."""

    def collect(self) -> Iterator[Metric]:
        """Return who looks after it, when it ran last, what it did, and how long that took."""
        swept = last_sweep()
        if swept is None or swept.ran_at is None:
            return
        leads = GaugeMetricFamily(
            "loumenkou_pickups_sweep_leader", "Who looks after it.", labels=["worker"]
        )
        leads.add_metric([swept.leader], 1)
        yield leads
        for name, what, value in (
            ("timestamp_seconds", "When it ran last.", swept.ran_at.timestamp()),
            ("seconds", "How long it took then.", swept.took_ms / 1000),
            ("done", "How much it did then.", swept.done),
        ):
            yield GaugeMetricFamily(f"loumenkou_pickups_sweep_{name}", what, value=value)


def show() -> ResponseReturnValue:
    """Tell it in Prometheus's text format."""
    halls = CollectorRegistry()
    halls.register(Halls())
    halls.register(Clock())
    return Response(meters.told() + generate_latest(halls), content_type=CONTENT_TYPE_LATEST)
