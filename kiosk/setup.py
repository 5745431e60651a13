"""The first start: from an empty folder to a station that is open; a second one is quick."""

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from kiosk import sample
from kiosk.catalog.actions import import_services
from kiosk.catalog.commands import read
from kiosk.catalog.models import Service
from kiosk.config import ROOT, Config
from kiosk.db import migrate, session, transaction
from kiosk.staff.actions import reset_password
from kiosk.staff.queries import find_member
from kiosk.stations.links import adoption_path
from kiosk.stations.models import Device
from kiosk.stations.queries import stations

CATALOG = ROOT / "kiosk" / "catalog" / "services.csv"


@click.command("migrate")
@with_appcontext
def migrate_command() -> None:
    """Bring the database to the newest shape."""
    migrate()


@click.command("setup")
@click.option("--port", envvar="PORT", default="8000")
@with_appcontext
def setup_command(port: str) -> None:
    """Prepare the station: database, catalog, sample stations, manager; say where they are."""
    click.echo("Preparing the database …")
    migrate()
    password = fill()
    config: Config = current_app.extensions["config"]
    _say_addresses(config.public_url or f"http://localhost:{port}", password)


def fill() -> str | None:
    """Fill what is empty; returns the manager's one-time password while it was never used."""
    with transaction():
        if session.scalar(select(Service.id).limit(1)) is None:
            click.echo("Importing the catalog …")
            done = import_services(read(CATALOG))
            click.echo(f"  {done.added} services.")
        if not stations():
            click.echo("Opening the sample stations …")
            sample.make_raffles_city()
            sample.make_jiangsu_road()
        manager = find_member(sample.MANAGER)
        if manager is None:
            return sample.hire_manager()
        if manager.signed_in_at is None and manager.must_change_password:
            return reset_password(manager)
    return None


def _say_addresses(base: str, password: str | None) -> None:
    click.echo("")
    for device in session.scalars(select(Device).where(Device.token_hash.is_(None))):
        if device.revoked_at is None:
            link = adoption_path(device, current_app.config["SECRET_KEY"])
            click.echo(f"  Make a browser the {device.kind.value} (once): {base}{link}")
    for station in stations()[:1]:
        click.echo(f"  Kiosk:  {base}/s/{station.code}/")
        click.echo(f"  Board:  {base}/s/{station.code}/board")
    click.echo(f"  Admin:  {base}/admin/")
    if password is not None:
        click.echo(f"  Sign in as {sample.MANAGER} with the one-time password {password}")
    click.echo("")
