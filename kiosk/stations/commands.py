"""What an operator does with stations and their devices."""

import click
from flask.cli import AppGroup

from kiosk import clock
from kiosk.db import transaction
from kiosk.refusal import Refusal
from kiosk.stations import actions
from kiosk.stations.models import DeviceKind
from kiosk.stations.queries import get_station

stations = AppGroup("stations", help="Stations and their devices.")


@stations.command("device")
@click.argument("name")
@click.option("--kind", type=click.Choice([kind.value for kind in DeviceKind]), required=True)
@click.option("--station", "station_code", required=True, help="The station's code.")
def device(name: str, kind: str, station_code: str) -> None:
    """Add a device called NAME and print its bearer token; it is not shown again."""
    try:
        station = get_station(station_code)
    except Refusal as refusal:
        raise click.ClickException(f"There is no station {station_code}.") from refusal
    with transaction():
        added = actions.add_device(station, DeviceKind(kind), name, at=clock.now())
        token = actions.give_device_token(added)
    click.echo(f"Token of {name}: {token}")
