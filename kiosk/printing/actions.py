"""What happens to slips: asked for, printed by one worker alone, ended one way or the other."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnClause, delete, literal_column, or_, select, update

from kiosk.db import insert_into, session
from kiosk.printing.models import (
    Failure,
    JobState,
    Paper,
    Printer,
    PrinterKind,
    PrintJob,
    SlipText,
)
from kiosk.printing.wire import is_address
from kiosk.refusal import Refusal
from kiosk.stations.models import Device, DeviceKind, Station
from kiosk.tickets.actions import refresh
from kiosk.tickets.models import Ticket

# Who waits longer has left, or has taken a photo of the number.
WORTH_PRINTING = timedelta(minutes=2)
# Longer than a printer is waited for in all.
LEASE = timedelta(seconds=20)
MOST_TRIES = 3
KEPT = timedelta(days=7)

_QUEUED: ColumnClause[str] = literal_column("'queued'")


def set_up(device: Device, kind: PrinterKind, address: str, dots: int) -> None:
    """Give a kiosk a printer, or another one."""
    if device.kind is not DeviceKind.KIOSK:
        raise Refusal("printing.no_kiosk", "Only a kiosk has a printer.")
    if not is_address(kind, address):
        raise Refusal("printing.address", "This is no printer's address. See the examples below.")
    printer = session.get(Printer, device.id) or Printer(device_id=device.id, device=device)
    if (printer.kind, printer.address) != (kind, address):
        printer.tried_at, printer.failure = None, None
        printer.paper, printer.answers = Paper.UNKNOWN, False
    printer.kind, printer.address, printer.dots = kind, address, dots
    session.add(printer)
    device.prints = True
    session.flush()


def take_away(device: Device, *, at: datetime) -> None:
    """Let a kiosk do without a printer; what it has not printed will not be."""
    session.execute(
        update(PrintJob)
        .where(PrintJob.device_id == device.id, PrintJob.state == _QUEUED)
        .values(state=JobState.FAILED, failure=Failure.UNREACHABLE, ended_at=at)
    )
    session.execute(delete(Printer).where(Printer.device_id == device.id))
    device.prints = False
    session.flush()


def set_text(station: Station, text_zh: str, text_en: str) -> None:
    """Choose the station's own words on its slips."""
    own = session.get(SlipText, station.id) or SlipText(station_id=station.id)
    own.text_zh, own.text_en = text_zh, text_en
    session.add(own)
    session.flush()


def ask(
    device_id: int,
    ticket_id: int | None,
    *,
    language: str,
    url: str,
    at: datetime,
    is_repeat: bool = False,
) -> None:
    """Ask for a slip; asking again before it is printed changes nothing."""
    session.execute(
        insert_into(PrintJob)
        .values(
            device_id=device_id,
            ticket_id=ticket_id,
            language=language,
            url=url,
            is_repeat=is_repeat,
            state=JobState.QUEUED,
            queued_at=at,
            tries=0,
        )
        .on_conflict_do_nothing()
    )


def ask_for(token: str, device_id: int, *, language: str, url: str, at: datetime) -> None:
    """Ask for the slip of a ticket that is being issued; in the same transaction."""
    ticket_id = session.scalars(select(Ticket.id).where(Ticket.token == token)).one()
    ask(device_id, ticket_id, language=language, url=url, at=at)


def again(job: PrintJob, *, at: datetime) -> None:
    """Print a slip once more."""
    if session.get(Printer, job.device_id) is None:
        raise Refusal("printing.no_printer", "This kiosk has no printer any more.")
    ask(
        job.device_id,
        job.ticket_id,
        language=job.language,
        url=job.url,
        at=at,
        is_repeat=job.ticket_id is not None and job.state is JobState.PRINTED,
    )


def claim(device_id: int, *, at: datetime) -> PrintJob | None:
    """Take a printer and its oldest slip; None where another worker has it, or none waits."""
    waits = select(PrintJob.id).where(PrintJob.device_id == device_id, PrintJob.state == _QUEUED)
    taken = session.scalar(
        update(Printer)
        .where(
            Printer.device_id == device_id,
            or_(Printer.busy_until.is_(None), Printer.busy_until < at),
            waits.exists(),
        )
        .values(busy_until=at + LEASE)
        .returning(Printer.device_id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        return None
    _give_up(device_id, at)
    job = session.scalar(
        update(PrintJob)
        .where(PrintJob.id == waits.order_by(PrintJob.id).limit(1).scalar_subquery())
        .values(tries=PrintJob.tries + 1)
        .returning(PrintJob)
        .execution_options(populate_existing=True)
    )
    if job is None:
        session.execute(
            update(Printer).where(Printer.device_id == device_id).values(busy_until=None)
        )
    return job


def _give_up(device_id: int, at: datetime) -> None:
    """End slips that nobody waits for any more, or that no try has brought out."""
    stale = or_(PrintJob.queued_at < at - WORTH_PRINTING, PrintJob.tries >= MOST_TRIES)
    session.execute(
        update(PrintJob)
        .where(PrintJob.device_id == device_id, PrintJob.state == _QUEUED, stale)
        .values(state=JobState.FAILED, failure=Failure.LATE, ended_at=at)
        .execution_options(synchronize_session=False)
    )


def record(
    job: PrintJob, station: Station, *, failure: Failure | None, paper: Paper, at: datetime
) -> None:
    """Keep how a slip went, let go of its printer, and tell the staff what is new."""
    session.execute(
        update(PrintJob)
        .where(PrintJob.id == job.id, PrintJob.state == _QUEUED)
        .values(
            state=JobState.FAILED if failure else JobState.PRINTED, failure=failure, ended_at=at
        )
    )
    printer = session.get(Printer, job.device_id, populate_existing=True)
    if printer is None:
        return
    is_news = (printer.failure, printer.paper) != (failure, paper)
    printer.busy_until, printer.tried_at = None, at
    printer.failure, printer.paper = failure, paper
    printer.answers = printer.answers or paper is not Paper.UNKNOWN
    session.flush()
    if is_news:
        refresh(station, at=at)


def forget_old(at: datetime) -> None:
    """Erase slips that nobody will ask about."""
    session.execute(delete(PrintJob).where(PrintJob.queued_at < at - KEPT))
