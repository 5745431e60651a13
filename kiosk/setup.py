"""The first start: from an empty folder to a station that is open; a second one is quick."""

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from kiosk import clock, sample
from kiosk.actor import OPERATOR
from kiosk.catalog.actions import import_guides, import_services
from kiosk.catalog.commands import read
from kiosk.catalog.guide import Guide, read_guides
from kiosk.catalog.models import GuideVersion, Service
from kiosk.catalog.queries import services_by_code
from kiosk.config import ROOT, Config
from kiosk.db import migrate, session, transaction
from kiosk.staff.actions import reset_password
from kiosk.staff.queries import find_member
from kiosk.stations.links import adoption_path
from kiosk.stations.models import Device
from kiosk.stations.queries import stations

CATALOG = ROOT / "kiosk" / "catalog" / "services.csv"
GUIDES = ROOT / "kiosk" / "catalog" / "guides"


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
        if session.scalar(select(GuideVersion.id).limit(1)) is None:
            published = import_guides(_sample_guides(), by=OPERATOR, at=clock.now())
            click.echo(f"  {published.added} sample guides.")
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


def _sample_guides() -> dict[str, Guide]:
    """Return the sample guides of the services that this station's catalog has."""
    guides: dict[str, Guide] = {}
    for file in sorted(GUIDES.glob("*.json")):
        guides |= read_guides(file.read_text(encoding="utf-8"))
    known = {service.code for service in services_by_code(list(guides))}
    return {code: guide for code, guide in guides.items() if code in known}


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
