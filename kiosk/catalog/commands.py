"""What an operator does with the catalog."""

from pathlib import Path

import click
from flask.cli import AppGroup

from kiosk import clock
from kiosk.actor import OPERATOR
from kiosk.catalog import files
from kiosk.catalog.actions import Imported, begin_scheduled, import_guides, import_services
from kiosk.catalog.guide import WrongGuides, read_guides
from kiosk.catalog.queries import has_due
from kiosk.catalog.sheet import ServiceRow, WrongFile, check
from kiosk.db import session, transaction

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
    _say(done)


@catalog.command("guides")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def guides_file(file: Path) -> None:
    """Publish the guides of FILE (JSON): all of them, or nothing and the entries that are wrong."""
    try:
        guides = read_guides(file.read_text(encoding="utf-8-sig"))
        with transaction():
            done = import_guides(guides, by=OPERATOR, at=clock.now())
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not UTF-8. Save it as UTF-8.") from error
    except WrongGuides as error:
        for reason in error.reasons:
            click.echo(reason, err=True)
        raise click.ClickException(f"{len(error.reasons)} wrong; nothing was imported.") from error
    _say(done)


def sweep() -> None:
    """Publish what was scheduled for now or earlier; safe to run twice at once.

    Visitors read it from its start anyway; this retires the version before.
    """
    at = clock.now()
    if has_due(at):
        with transaction():
            begin_scheduled(at)
    session.remove()


def _say(done: Imported) -> None:
    click.echo(f"{done.added} added, {done.changed} changed, {done.same} as before.")


def read(file: Path) -> list[ServiceRow]:
    """Return the checked rows of a file, or raise WrongFile."""
    checked = check(files.read(file.name, file.read_bytes()))
    if checked.wrong:
        raise WrongFile(checked.wrong)
    return checked.rows
