"""What happens to the catalog: a file of services is taken over, whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.catalog.models import Category, Service
from kiosk.catalog.queries import all_services, categories
from kiosk.catalog.sheet import ServiceRow
from kiosk.db import session


@dataclass(frozen=True)
class Imported:
    """How many services a file added, changed, and left as they were."""

    added: int
    changed: int
    same: int


def import_services(rows: Sequence[ServiceRow]) -> Imported:
    """Take over the rows of a catalog file, by code; what the file does not name stays."""
    _take_over_categories(rows)
    known = {service.code: service for service in all_services()}
    added = changed = 0
    for row in rows:
        values = row.model_dump(exclude={"domain", "category_zh", "category_en", "department_zh"})
        values |= {"category_code": row.category_code, "department": row.department_zh}
        service = known.get(row.code)
        if service is None:
            session.add(Service(**values))
            added += 1
        elif any(getattr(service, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(service, name, value)
            changed += 1
    session.flush()
    return Imported(added, changed, len(rows) - added - changed)


def _take_over_categories(rows: Sequence[ServiceRow]) -> None:
    known = {category.code: category for category in categories()}
    for row in rows:
        category = known.get(row.category_code)
        if category is None:
            category = known[row.category_code] = Category(code=row.category_code)
            session.add(category)
        category.domain = row.domain
        category.name_zh, category.name_en = row.category_zh, row.category_en
    session.flush()
