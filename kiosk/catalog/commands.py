"""What an operator does with the catalog."""

from pathlib import Path

import click
from flask.cli import AppGroup

from kiosk.catalog.actions import import_services
from kiosk.catalog.sheet import WrongFile, read
from kiosk.db import transaction

catalog = AppGroup("catalog", help="The catalog of services.")


@catalog.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Take over FILE (CSV, UTF-8): all of it, or nothing and the lines that are wrong."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = read(lines)
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not UTF-8. Save it as UTF-8.") from error
    except WrongFile as error:
        for row in error.rows:
            click.echo(f"line {row.line}: {row.reason}", err=True)
        raise click.ClickException(f"{len(error.rows)} wrong; nothing was imported.") from error
    with transaction():
        done = import_services(rows)
    click.echo(f"{done.added} added, {done.changed} changed, {done.same} as before.")
