"""The index as the catalog is now: every worker keeps one, and renews it after a change."""

import gc
import logging
from datetime import datetime
from threading import Thread
from time import sleep

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kiosk import clock
from kiosk.catalog.index import Index
from kiosk.catalog.models import Service, Synonym
from kiosk.catalog.queries import catalog_version, is_current, next_change
from kiosk.db import session

# Who asks just after a change waits so many seconds for the new index, then has the old one's word.
PATIENCE = 1.0
# So many rows are read before others have a turn.
ROWS = 100

_log = logging.getLogger(__name__)


class _Kept:
    """The index that this process keeps, of which state of the catalog, until when; its renewal."""

    version = ""
    until: datetime | None = None
    index: Index | None = None
    renewal: Thread | None = None


def current_index() -> Index:
    """Return the index of the catalog as it is now.

    A change by any worker is noticed at the next question, and so is a service that begins or
    ends. The new index is made beside the questions, and the old one answers until it is there;
    only who noticed waits a moment for it.
    """
    version, at = catalog_version(), clock.now()
    if version != _Kept.version or (_Kept.until is not None and at >= _Kept.until):
        if _Kept.renewal is None or not _Kept.renewal.is_alive():
            _Kept.renewal = Thread(
                target=_renew, args=(session.get_bind(), version, at), daemon=True
            )
            _Kept.renewal.start()
            _Kept.renewal.join(PATIENCE)
        if _Kept.index is None:
            _Kept.renewal.join()
    if _Kept.index is None:
        raise RuntimeError("the index could not be made")
    return _Kept.index


def _renew(bind: Engine | Connection, version: str, at: datetime) -> None:
    # Millions of new objects would make the collector look through all of them over and over.
    gc.disable()
    try:
        index, until = made(bind, at)
        _Kept.index, _Kept.version, _Kept.until = index, version, until
    except SQLAlchemyError:
        _log.exception("The search index could not be made")
    finally:
        session.remove()
        gc.enable()


def made(bind: Engine | Connection, at: datetime) -> tuple[Index, datetime | None]:
    """Index the catalog as it is at a moment; return the index and until when it is true.

    The catalog is read in a session of its own, which the index outlives.
    """
    services: list[Service] = []
    wanted = select(Service).where(is_current(at)).order_by(Service.code)
    with Session(bind) as own:
        rows = own.scalars(wanted.execution_options(yield_per=ROWS))
        for part in rows.partitions():
            services.extend(part)
            sleep(0)
        synonyms = [
            (station, service, word)
            for station, service, word in own.execute(
                select(Synonym.station_id, Synonym.service_id, Synonym.word)
            )
        ]
        own.expunge_all()
    return Index(services, synonyms), next_change(at)
