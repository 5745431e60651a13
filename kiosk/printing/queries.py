"""Questions about printers and their slips."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kiosk.db import session
from kiosk.printing.models import JobState, Printer, PrintJob, SlipText
from kiosk.refusal import NotFound
from kiosk.stations.models import Device, Station
from kiosk.tickets.models import Ticket

# How long a visitor at the kiosk may ask for the slip once more, and how often.
REPEAT_WITHIN = timedelta(minutes=2)
MOST_SLIPS = 3


def find_printer(device_id: int) -> Printer | None:
    """Return a kiosk's printer, where it has one."""
    return session.get(Printer, device_id)


def printers_of(station: Station) -> dict[int, Printer]:
    """Return a station's printers by the devices that they belong to."""
    found = session.scalars(
        select(Printer)
        .join(Printer.device)
        .where(Device.station_id == station.id, Device.revoked_at.is_(None))
    )
    return {printer.device_id: printer for printer in found}


def slip_text(station: Station) -> SlipText | None:
    """Return a station's own words on its slips."""
    return session.get(SlipText, station.id)


def get_job(station: Station, job_id: int) -> PrintJob:
    """Return a slip of a station; refuse an unknown one."""
    job = session.scalar(
        select(PrintJob)
        .join(PrintJob.device)
        .where(PrintJob.id == job_id, Device.station_id == station.id)
        .options(joinedload(PrintJob.ticket))
    )
    if job is None:
        raise NotFound("printing.unknown", "There is no such slip. Look at the list again.")
    return job


def last_job(ticket: Ticket, device_id: int) -> PrintJob | None:
    """Return the latest slip that a kiosk's printer was given for a ticket."""
    return session.scalar(
        select(PrintJob)
        .where(PrintJob.ticket_id == ticket.id, PrintJob.device_id == device_id)
        .order_by(PrintJob.id.desc())
        .limit(1)
    )


def may_repeat(job: PrintJob, ticket: Ticket, at: datetime) -> bool:
    """Tell whether the visitor at the kiosk may have the slip once more."""
    if job.state is JobState.QUEUED or at - ticket.issued_at > REPEAT_WITHIN:
        return False
    asked = select(PrintJob.id).where(PrintJob.ticket_id == ticket.id).limit(MOST_SLIPS)
    return len(session.scalars(asked).all()) < MOST_SLIPS


def latest_jobs(
    station: Station, *, device_id: int | None = None, limit: int
) -> Sequence[PrintJob]:
    """Return a station's latest slips, newest first."""
    wanted = (
        select(PrintJob)
        .join(PrintJob.device)
        .where(Device.station_id == station.id)
        .options(joinedload(PrintJob.ticket), joinedload(PrintJob.device))
        .order_by(PrintJob.queued_at.desc(), PrintJob.id.desc())
        .limit(limit)
    )
    if device_id is not None:
        wanted = wanted.where(PrintJob.device_id == device_id)
    return session.scalars(wanted).all()


def waiting_printers() -> Sequence[int]:
    """Return the devices whose printers have slips to print."""
    return session.scalars(
        select(PrintJob.device_id).where(PrintJob.state == JobState.QUEUED).distinct()
    ).all()
