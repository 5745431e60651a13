"""Files of services are read beside the requests, and say how far they are.

The file waits in the database. One reader a worker takes it apart in a thread of its own, so that
neither a long file nor one huge cell holds up visitors; every second it notes how far it is. A
reader that dies notes nothing more, by which people see it, and have the file read again.
"""

import logging
from datetime import timedelta

import gevent
from gevent.lock import Semaphore
from gevent.threadpool import ThreadPool
from sqlalchemy import select

from kiosk import clock, live
from kiosk.catalog import files
from kiosk.catalog.actions import note_progress, note_read
from kiosk.catalog.models import Upload
from kiosk.catalog.sheet import Checked, WrongFile, WrongRow, check
from kiosk.db import session, transaction
from kiosk.refusal import say

EVERY_SECONDS = 0.5
LONGEST = timedelta(minutes=3)
TOO_LONG = say("reading takes too long; split the file")
BROKE = say("reading broke off on our side; check the file again")

log = logging.getLogger(__name__)

_one_at_a_time = Semaphore()


def start(upload_id: int, attempt: int) -> None:
    """Read an uploaded file from now on; returns at once."""
    live.socketio.start_background_task(_read, upload_id, attempt)


def _read(upload_id: int, attempt: int) -> None:
    try:
        progress = files.Progress()
        while not _one_at_a_time.acquire(timeout=EVERY_SECONDS):
            if not _note(upload_id, attempt, progress):
                return
        try:
            checked = _checked(upload_id, attempt, progress)
        finally:
            _one_at_a_time.release()
        if checked is not None:
            with transaction():
                note_read(upload_id, attempt, checked)
    except Exception:
        log.exception("reading upload %s failed", upload_id)
    finally:
        session.remove()


def _checked(upload_id: int, attempt: int, progress: files.Progress) -> Checked | None:
    """Read the file; None if somebody else reads it by now."""
    upload = select(Upload.file_name, Upload.data).where(Upload.id == upload_id)
    name, data = session.execute(upload).one()
    session.rollback()
    began = clock.now()
    pool = ThreadPool(1)
    try:
        reader = pool.spawn(_take_apart, name, data, progress)
        while not reader.ready():
            gevent.wait([reader], timeout=EVERY_SECONDS)
            progress.is_unwanted |= clock.now() - began > LONGEST
            if not _note(upload_id, attempt, progress):
                progress.is_unwanted = True
                return None
        found: Checked | None = reader.get()
    finally:
        pool.kill()
    return found


def _take_apart(name: str, data: bytes | None, progress: files.Progress) -> Checked:
    """Return what a file holds; runs in a thread and touches nothing but its arguments."""
    try:
        return check(files.read(name, data or b"", progress))
    except files.Unwanted:
        return Checked([], [WrongRow(1, TOO_LONG)])
    except WrongFile as error:
        return Checked([], list(error.rows))
    except Exception:
        log.exception("reading %s failed", name)
        return Checked([], [WrongRow(1, BROKE)])


def _note(upload_id: int, attempt: int, progress: files.Progress) -> bool:
    with transaction():
        return note_progress(upload_id, attempt, progress.rows, progress.expected, at=clock.now())
