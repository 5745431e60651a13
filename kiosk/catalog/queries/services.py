"""Questions about services, their groups, and how they are found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from kiosk.catalog.bundles import Bundle, bundles
from kiosk.catalog.events import LifeEvent, life_events
from kiosk.catalog.models import (
    AskedDay,
    CatalogVersion,
    Category,
    Domain,
    Service,
    Synonym,
    Upload,
)
from kiosk.db import session
from kiosk.refusal import NotFound, Refusal

# So many people must have typed something before an editor reads it.
LEAST_ASKED = 2


@dataclass(frozen=True)
class CategoryCount:
    """A category and how many services it has."""

    category: Category
    count: int


def all_services() -> Sequence[Service]:
    """Return every service by code."""
    return session.scalars(select(Service).order_by(Service.code)).all()


def hidden_services(at: datetime) -> Sequence[Service]:
    """Return the services that visitors do not find at a moment: withdrawn, or not begun yet."""
    return session.scalars(select(Service).where(~is_current(at)).order_by(Service.code)).all()


def checked_days() -> dict[int, date]:
    """Return when services were last checked, by their ids; who never was is left out."""
    rows = session.execute(
        select(Service.id, Service.checked_on).where(Service.checked_on.is_not(None))
    )
    return {service: day for service, day in rows if day}


def services_by_code(codes: Sequence[str]) -> list[Service]:
    """Return these services in this order; unknown codes are left out."""
    found = session.scalars(select(Service).where(Service.code.in_(codes)))
    known = {service.code: service for service in found}
    return [known[code] for code in codes if code in known]


def services_in(category: Category, at: datetime) -> Sequence[Service]:
    """Return a category's services at a moment by code."""
    return session.scalars(
        select(Service)
        .where(Service.category_code == category.code, is_current(at))
        .order_by(Service.code)
    ).all()


def categories() -> Sequence[Category]:
    """Return every category by code."""
    return session.scalars(select(Category).order_by(Category.code)).all()


def category_counts(
    at: datetime, domain: Domain | None = None, codes: Sequence[str] | None = None
) -> Sequence[CategoryCount]:
    """Return categories, all or some, with their number of services then, the largest first."""
    count = func.count(Service.id)
    wanted = (
        select(Category, count)
        .join(Service, Service.category_code == Category.code)
        .where(is_current(at))
        .group_by(Category.code)
        .order_by(count.desc(), Category.code)
    )
    if domain is not None:
        wanted = wanted.where(Category.domain == domain)
    if codes is not None:
        wanted = wanted.where(Category.code.in_(codes))
    return [CategoryCount(category, number) for category, number in session.execute(wanted)]


def is_current(at: datetime) -> ColumnElement[bool]:
    """Tell a query which services visitors find at a moment."""
    return or_(Service.starts_at.is_(None), Service.starts_at <= at) & or_(
        Service.ends_at.is_(None), Service.ends_at > at
    )


def find_service(code: str) -> Service | None:
    """Return the service with this code, also one that was withdrawn."""
    return session.scalar(select(Service).where(Service.code == code))


def find_current(code: str, at: datetime) -> Service | None:
    """Return the service with this code, if visitors find it at a moment."""
    service = find_service(code)
    return service if service is not None and service.is_current(at) else None


def get_service(code: str) -> Service:
    """Return a service by its code, also one that was withdrawn; refuse an unknown one."""
    service = find_service(code)
    if service is None:
        raise _unknown()
    return service


def get_current(code: str, at: datetime) -> Service:
    """Return a service by its code; refuse one that visitors do not find at a moment."""
    service = find_current(code, at)
    if service is None:
        raise _unknown()
    return service


def _unknown() -> NotFound:
    return NotFound("services.unknown", "There is no such service. Search for it by name.")


def get_category(code: str) -> Category:
    """Return a category by its code; refuse an unknown one."""
    category = session.get(Category, code)
    if category is None:
        raise _unknown()
    return category


def next_code(category: Category) -> str:
    """Return the first code of a category that no service has: `DJ-0107`."""
    taken = set(session.scalars(select(Service.code).where(Service.category_code == category.code)))
    numbers = (f"{category.code}{number:02d}" for number in range(1, 100))
    free = next((code for code in numbers if code not in taken), None)
    if free is None:
        raise Refusal("services.full", "This category has 99 services. Choose another one.")
    return free


def kinds_of_items() -> tuple[Sequence[str], Sequence[str]]:
    """Return the words that the catalog has for whom a service is, and for what kind it is."""
    audiences, kinds = (
        session.scalars(select(column).distinct().order_by(column)).all()
        for column in (Service.audience, Service.item_type)
    )
    return audiences, kinds


def get_upload(upload_id: int) -> Upload:
    """Return a checked file; refuse an unknown one."""
    upload = session.get(Upload, upload_id)
    if upload is None:
        raise NotFound("uploads.unknown", "There is no such file. Upload it again.")
    return upload


def get_domain(value: str) -> Domain:
    """Return a domain by its word in addresses; refuse an unknown one."""
    if value not in list(Domain):
        raise _unknown()
    return Domain(value)


def catalog_version() -> str:
    """Return the word for the present state of the catalog and its synonyms."""
    return session.scalar(select(CatalogVersion.version)) or ""


def next_change(at: datetime) -> datetime | None:
    """Return when the next service begins or ends."""
    moments = [
        session.scalar(select(func.min(moment)).where(moment > at))
        for moment in (Service.starts_at, Service.ends_at)
    ]
    return min((moment for moment in moments if moment is not None), default=None)


@dataclass(frozen=True)
class Missed:
    """A question that was asked and not answered well, and how often."""

    question: str
    asked: int
    found_nothing: int


def missed_questions(station_id: int, since: date, limit: int) -> list[Missed]:
    """Return what found nothing, or what nobody opened the first answer of; most asked first.

    What only one person typed may be somebody's name, and is shown to nobody.
    """
    asked, nothing = func.sum(AskedDay.asked), func.sum(AskedDay.found_nothing)
    rows = session.execute(
        select(AskedDay.question, asked, nothing)
        .where(AskedDay.station_id == station_id, AskedDay.day >= since)
        .group_by(AskedDay.question)
        .having((nothing > 0) | (func.sum(AskedDay.opened_first) == 0), asked >= LEAST_ASKED)
        .order_by(nothing.desc(), asked.desc(), AskedDay.question)
        .limit(limit)
    )
    return [Missed(question, int(times), int(none)) for question, times, none in rows]


def synonyms_of(station_id: int) -> list[tuple[str, Service]]:
    """Return a station's own words with the services they stand for."""
    rows = session.execute(
        select(Synonym.word, Service)
        .join(Service, Service.id == Synonym.service_id)
        .where(Synonym.station_id == station_id)
        .order_by(Synonym.word, Service.code)
    )
    return [(word, service) for word, service in rows]


def get_bundle(code: str) -> Bundle:
    """Return a bundle by its code; refuse an unknown one."""
    bundle = next((bundle for bundle in bundles() if bundle.code == code), None)
    if bundle is None:
        raise NotFound("bundles.unknown", "There is no such bundle. Choose one from the list.")
    return bundle


def get_event(code: str) -> LifeEvent:
    """Return a life event by its code; refuse an unknown one."""
    event = next((event for event in life_events() if event.code == code), None)
    if event is None:
        raise _unknown()
    return event
