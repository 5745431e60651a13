"""What happens to what a station offers: one service, or many with one press."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from kiosk.actor import Actor
from kiosk.catalog.actions import note_change
from kiosk.catalog.models import Service
from kiosk.catalog.queries import services_by_code
from kiosk.db import session
from kiosk.refusal import Refusal
from kiosk.staff.actions import Changes
from kiosk.stations.models import Station
from kiosk.tickets.models import BulkChange, Offer
from kiosk.tickets.offers import (
    Planned,
    Terms,
    Wish,
    Wished,
    fingerprint,
    plan,
    refusals,
    terms_of,
)
from kiosk.tickets.queries import planned, queues_of, serving_by_letter

KEPT = timedelta(days=30)


def set_terms(station: Station, service: Service, terms: Terms, *, seen: str) -> Changes:
    """Change what a station says of a service; refuse if it is no longer what was seen."""
    for wrong in refusals(terms, serving_by_letter(station)).values():
        raise wrong
    offers = _locked(station, [service])
    before = terms_of(offers.get(service.id))
    if fingerprint(before.told) != seen:
        raise Refusal(
            "offers.changed",
            "Somebody changed this meanwhile. Compare, then save again if yours is right.",
        )
    return _write(station, [Planned(service, before, terms)], offers).get(service.code, {})


def switch(station: Station, services: Sequence[Service], *, is_on: bool) -> dict[str, Changes]:
    """Switch services on or off at a station; returns what changed, by their codes."""
    offers = _locked(station, services)
    if len(offers) < len(services):
        raise Refusal("services.no_queue", "Choose a queue for this service first.")
    wished = Wished(Wish.ON if is_on else Wish.OFF)
    return _write(station, plan(wished, services, offers, {}), offers)


def collect(
    station: Station, services: Sequence[Service], wished: Wished | None, *, by: Actor, at: datetime
) -> BulkChange:
    """Begin a change of many services; those that were begun and left lying go."""
    session.execute(
        delete(BulkChange).where(
            BulkChange.station_id == station.id,
            BulkChange.made_at < at - KEPT,
        )
    )
    change = BulkChange(
        station_id=station.id,
        codes=[service.code for service in services],
        wished=wished.told if wished else None,
        made_at=at,
        made_by=by.name,
    )
    session.add(change)
    session.flush()
    return change


def choose(change: BulkChange, wished: Wished) -> None:
    """Say what is to change of the services; nothing changes yet."""
    if change.applied_at is not None:
        raise _made_already()
    change.wished = wished.told
    session.flush()


def change_all(
    station: Station, change: BulkChange, *, seen: str, at: datetime
) -> dict[str, Changes]:
    """Change all the services as it was shown, or none; returns what changed, by their codes."""
    offers = _locked(station, services_by_code(change.codes))
    rows = planned(station, change)
    if change.applied_at is None and preview_mark(rows) != seen:
        raise Refusal(
            "changes.stale",
            "Something changed since this preview. It is shown as it is now; look again.",
        )
    claimed = session.scalar(
        update(BulkChange)
        .where(BulkChange.id == change.id, BulkChange.applied_at.is_(None))
        .values(applied_at=at)
        .returning(BulkChange.id)
    )
    if claimed is None:
        raise _made_already()
    return _write(station, rows, offers)


def preview_mark(rows: Sequence[Planned]) -> str:
    """Return the mark of a preview, by which a later press proves what it saw."""
    return fingerprint([(row.service.code, row.changes, row.why_not) for row in rows])


def _made_already() -> Refusal:
    return Refusal("changes.applied", "This change was made already.")


def _locked(station: Station, services: Sequence[Service]) -> dict[int, Offer]:
    """Return the offers of services by their ids, and let nobody else change them meanwhile."""
    offers = session.scalars(
        select(Offer)
        .where(
            Offer.station_id == station.id,
            Offer.service_id.in_([service.id for service in services]),
        )
        .order_by(Offer.service_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {offer.service_id: offer for offer in offers}


def _write(
    station: Station, rows: Sequence[Planned], offers: Mapping[int, Offer]
) -> dict[str, Changes]:
    """Write what was planned; returns what changed, by the services' codes."""
    queues = {queue.letter: queue for queue in queues_of(station)}
    changed = [row for row in rows if row.changes]
    for row in changed:
        if row.after != row.before:
            offer = offers.get(row.service.id)
            if offer is None:
                offer = Offer(station_id=station.id, service_id=row.service.id)
                session.add(offer)
            offer.queue = queues[row.after.queue or ""]
            offer.is_on = row.after.is_on
            offer.counters = list(row.after.counters) or None
            offer.spans = [list(span) for span in row.after.hours.spans] or None
            offer.starts_on, offer.ends_on = row.after.hours.starts_on, row.after.hours.ends_on
    made = {row.service.code: row.changes for row in changed}
    for row in changed:
        if row.new_words:
            row.service.keywords = [*row.service.keywords, *row.new_words]
    session.flush()
    if any(row.new_words for row in changed):
        note_change()
    return made
