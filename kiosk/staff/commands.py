"""What an operator does about staff."""

import click
from flask.cli import AppGroup

from kiosk import clock
from kiosk.db import transaction
from kiosk.refusal import Refusal
from kiosk.staff import actions
from kiosk.staff.permissions import Role
from kiosk.staff.queries import find_member
from kiosk.stations.queries import get_station

staff = AppGroup("staff", help="People who work here, and programs that act for them.")


@staff.command("token")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--station", "station_code", help="The station's code; none means every station.")
def token(name: str, role: str, station_code: str | None) -> None:
    """Print a bearer token for a program called NAME; it is not shown again."""
    station_id = _find_station_id(station_code)
    if station_id is None and role != Role.ADMINISTRATOR:
        raise click.ClickException("Name a station; only an administrator works at all of them.")
    with transaction():
        new = actions.give_token(name, Role(role), station_id, at=clock.now())
    click.echo(f"Token of {name}: {new}")


@staff.command("reset")
@click.argument("name")
def reset(name: str) -> None:
    """Print a one-time password for NAME; it must be changed at the next sign-in."""
    with transaction():
        member = find_member(name)
        if member is None:
            raise click.ClickException(f"Nobody is called {name}.")
        password = actions.reset_password(member)
    click.echo(f"One-time password of {name}: {password}")


def _find_station_id(code: str | None) -> int | None:
    try:
        return get_station(code).id if code else None
    except Refusal as refusal:
        raise click.ClickException(f"There is no station {code}.") from refusal
