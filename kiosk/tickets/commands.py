"""What the clock does to tickets, and what an operator asks of the forecast."""

import csv
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from kiosk import clock, idempotency
from kiosk.db import session, transaction
from kiosk.stations.queries import stations
from kiosk.tickets.actions import close_day
from kiosk.tickets.forecast.backtest import HEADER, replay, summary
from kiosk.tickets.forecast.log import LogError, read_log
from kiosk.tickets.forecast.plan import PlanError, read_plan

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


@tickets.command("backtest")
@click.argument("log", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--config",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The station file (JSON).",
)
def backtest(log: Path, config: Path) -> None:
    """Write what would have been announced to everybody in LOG; how good that was, on stderr."""
    try:
        plan = read_plan(config.read_text(encoding="utf-8"))
    except (PlanError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{config}: {error}") from error
    try:
        with log.open(encoding="utf-8-sig", newline="") as lines:
            events = read_log(lines, plan)
    except (LogError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{log}: {error}") from error
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(HEADER)
    forecasts = []
    for announced in replay(plan, events):
        out.writerow(announced.row())
        forecasts.append(announced)
    for line in summary(forecasts):
        click.echo(line, err=True)
