"""That the catalog changed: a new name for its state, and a row of what was changed by whom."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kiosk.actor import Actor
from kiosk.catalog.differences import differences
from kiosk.catalog.models import CatalogVersion, Service, ServiceChange
from kiosk.db import insert_into, session

LONGEST_VALUE = 300
MOST_FIELDS = 40

Field = tuple[str, str, str]


def note_change() -> None:
    """Give the catalog's present state a new name, so that every worker reads it anew."""
    version = secrets.token_hex(8)
    session.execute(
        insert_into(CatalogVersion)
        .values(id=1, version=version)
        .on_conflict_do_update(index_elements=["id"], set_={"version": version})
    )


def write_history(
    services: Sequence[Service],
    verb: str,
    fields: Sequence[Field] = (),
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what was done to these services: each field with its old and new value."""
    kept = [[name, old[:LONGEST_VALUE], new[:LONGEST_VALUE]] for name, old, new in fields]
    session.add_all(
        ServiceChange(
            service_id=service.id,
            at=at,
            by=by.name,
            role=by.role,
            verb=verb,
            fields=kept[:MOST_FIELDS],
        )
        for service in services
    )


def fields_between(before: dict[str, Any], after: dict[str, Any]) -> list[Field]:
    """Return what differs between two contents as fields with their old and new values."""
    return [
        (found.path, as_text(found.before), as_text(found.after))
        for found in differences(before, after)
    ]


def as_text(value: object) -> str:
    """Return a value as history keeps it; nothing is known by an empty text."""
    return "" if value is None else str(value)
