"""What the clock does to tickets, and what an operator asks of the forecast."""

import csv
import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import click
from flask.cli import AppGroup

from kiosk import clock, idempotency
from kiosk.db import session, transaction
from kiosk.refusal import NotFound
from kiosk.stations.models import Station
from kiosk.stations.queries import get_station, stations
from kiosk.tickets.actions import close_day, refresh
from kiosk.tickets.forecast import backtest, log
from kiosk.tickets.forecast.plan import PlanError, read_plan
from kiosk.tickets.foresight import Foresight
from kiosk.tickets.history import events_of, station_file
from kiosk.tickets.outlook import outlook
from kiosk.tickets.queries import version_of

# A quiet hall is looked at again after a while; pages are told of it now and then.
LOOKS_EVERY, REFRESHES_EVERY = timedelta(minutes=1), timedelta(seconds=20)


class Lookout:
    """Says anew what visitors are to expect wherever something changed; one for each process."""

    def __init__(self) -> None:
        self._sights: dict[int, Foresight] = {}
        self._looked: dict[int, tuple[int, datetime]] = {}
        self._refreshed: dict[int, datetime] = {}

    def look(self, give_way: Callable[[], None]) -> None:
        """Look ahead at every station; lets others go first between short steps."""
        for station in stations():
            version, at = version_of(station), clock.now()
            seen, since = self._looked.get(station.id, (-1, at))
            if version != seen or at - since >= LOOKS_EVERY:
                self._look(station, at, give_way)
                self._looked[station.id] = version_of(station), at
        session.remove()

    def _look(self, station: Station, at: datetime, give_way: Callable[[], None]) -> None:
        sight = self._sights.setdefault(station.id, Foresight(station.id))
        for _ in sight.learn(station, at):
            give_way()
        # To learn may take a while at first, and the hall goes on.
        at = clock.now()
        before = outlook.of(station.id, at)
        for _ in sight.look(station, at):
            give_way()
        for _ in sight.look_far(station, at):
            give_way()
        grown_old = at - self._refreshed.get(station.id, at - REFRESHES_EVERY) >= REFRESHES_EVERY
        is_other = grown_old and outlook.differs(station.id, before)
        if sight.unkept or is_other:
            with transaction():
                sight.keep()
                if is_other:
                    refresh(station, at=at)
                    self._refreshed[station.id] = at


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])

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
@click.argument("path", metavar="LOG", type=_FILE)
@click.option("--config", required=True, type=_FILE, help="The station file (JSON).")
def backtest_command(path: Path, config: Path) -> None:
    """Write what would have been announced to everybody in LOG; how good that was, on stderr."""
    try:
        plan = read_plan(config.read_text(encoding="utf-8-sig"))
    except (PlanError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{config}: {error}") from error
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            events = log.read_log(lines, plan)
    except (log.LogError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path}: {error}") from error
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(backtest.HEADER)
    forecasts = []
    for announced in backtest.replay(plan, events):
        out.writerow(announced.row())
        forecasts.append(announced)
    for line in backtest.summary(forecasts):
        click.echo(line, err=True)


@tickets.command("log")
@click.option("--station", "code", required=True, help="The station's code.")
@click.option("--from", "first", required=True, type=_DAY, help="The first day.")
@click.option("--to", "last", required=True, type=_DAY, help="The last day.")
def log_command(code: str, first: datetime, last: datetime) -> None:
    """Write what happened at a station, in the format that `backtest` reads."""
    station = _station(code)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(log.HEADER)
    out.writerows(event.row() for event in events_of(station, first.date(), last.date()))


@tickets.command("station")
@click.option("--station", "code", required=True, help="The station's code.")
def station_command(code: str) -> None:
    """Write how a station is set up, in the format that `backtest` reads."""
    click.echo(json.dumps(station_file(_station(code)), ensure_ascii=False, indent=1))


def _station(code: str) -> Station:
    try:
        return get_station(code)
    except NotFound as error:
        raise click.ClickException(f"There is no station {code}.") from error
