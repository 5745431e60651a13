"""What an operator does with the catalog."""

from pathlib import Path

import click
from flask.cli import AppGroup

from kiosk.catalog import files
from kiosk.catalog.actions import import_services
from kiosk.catalog.sheet import ServiceRow, WrongFile, check
from kiosk.db import transaction

catalog = AppGroup("catalog", help="The catalog of services.")


@catalog.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Take over FILE (CSV or XLSX): all of it, or nothing and the lines that are wrong."""
    try:
        rows = read(file)
    except WrongFile as error:
        for row in error.rows:
            click.echo(row, err=True)
        raise click.ClickException(f"{len(error.rows)} wrong; nothing was imported.") from error
    with transaction():
        done = import_services(rows)
    click.echo(f"{done.added} added, {done.changed} changed, {done.same} as before.")


def read(file: Path) -> list[ServiceRow]:
    """Return the checked rows of a file, or raise WrongFile."""
    checked = check(files.read(file.name, file.read_bytes()))
    if checked.wrong:
        raise WrongFile(checked.wrong)
    return checked.rows
