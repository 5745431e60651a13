"""What happens to one service: added, changed, checked, withdrawn and taken back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from kiosk.actor import Actor
from kiosk.catalog.actions.changes import as_text, note_change, write_history
from kiosk.catalog.models import Service
from kiosk.db import session
from kiosk.refusal import Refusal


def add_service(values: dict[str, Any], *, by: Actor, at: datetime) -> Service:
    """Add a service; its code is new."""
    service = Service(**values)
    session.add(service)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refusal(
            "services.taken",
            "There is a service %(taken)s already. Choose the next free code.",
            taken=values["code"],
        ) from error
    write_history([service], "service.add", by=by, at=at)
    note_change()
    return service


def change_service(
    service: Service, values: dict[str, Any], revision: int, *, by: Actor, at: datetime
) -> None:
    """Change what a service is, unless somebody else did so since; each field is written down."""
    fields = [
        (name, as_text(getattr(service, name)), as_text(value))
        for name, value in values.items()
        if getattr(service, name) != value
    ]
    if not fields:
        return
    claimed = session.scalar(
        update(Service)
        .where(Service.id == service.id, Service.revision == revision)
        .values(revision=revision + 1, **values)
        .returning(Service.id)
    )
    if claimed is None:
        raise Refusal(
            "services.overtaken",
            "Somebody else changed this service meanwhile. What they wrote stands beside yours.",
        )
    session.refresh(service)
    write_history([service], "service.change", fields, by=by, at=at)
    note_change()


def check_services(services: Sequence[Service], day: date, *, by: Actor, at: datetime) -> None:
    """Keep that somebody compared these services with what their departments say."""
    for service in services:
        fields = [("checked_on", as_text(service.checked_on), day.isoformat())]
        service.checked_on, service.checked_by = day, by.name
        write_history([service], "service.check", fields, by=by, at=at)
    session.flush()


def set_times(
    service: Service,
    starts_at: datetime | None,
    ends_at: datetime | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Let visitors find a service from one moment to another; None is always and for ever."""
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise Refusal("services.span", "The end stands before the start. Choose a later end.")
    fields = [
        (name, old.isoformat() if old else "", new.isoformat() if new else "")
        for name, old, new in (
            ("starts_at", service.starts_at, starts_at),
            ("ends_at", service.ends_at, ends_at),
        )
        if old != new
    ]
    if not fields:
        return
    service.starts_at, service.ends_at = starts_at, ends_at
    service.revision += 1
    session.flush()
    verb = "service.withdraw" if ends_at is not None and ends_at <= at else "service.times"
    write_history([service], verb, fields, by=by, at=at)
    note_change()
