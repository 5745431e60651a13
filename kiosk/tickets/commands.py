"""What the clock does to tickets."""

import click
from flask.cli import AppGroup

from kiosk import clock, idempotency
from kiosk.db import session, transaction
from kiosk.stations.queries import stations
from kiosk.tickets.actions import close_day

tickets = AppGroup("tickets", help="Queues and tickets.")


@tickets.command("close-day")
def close_day_command() -> None:
    """Expire what is left of the days before today; the running server does so by itself."""
    click.echo(f"{sweep()} tickets expired.")


def sweep() -> int:
    """Close past days at every station and forget old answers; safe to run twice at once."""
    at = clock.now()
    expired = 0
    with transaction():
        for station in stations():
            expired += close_day(station, at=at)
        idempotency.forget_old(at)
    session.remove()
    return expired
