"""Questions about the catalog."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kiosk.catalog.index import Index
from kiosk.catalog.models import CatalogVersion, Category, Domain, Service, Synonym, Upload
from kiosk.db import session
from kiosk.refusal import NotFound


class _Kept:
    """The index that this process keeps, and of which state of the catalog it is."""

    version = ""
    index: Index = Index([])
    building = Lock()


@dataclass(frozen=True)
class CategoryCount:
    """A category and how many services it has."""

    category: Category
    count: int


def all_services() -> Sequence[Service]:
    """Return every service by code."""
    return session.scalars(select(Service).order_by(Service.code)).all()


def services_by_code(codes: Sequence[str]) -> list[Service]:
    """Return these services in this order; unknown codes are left out."""
    found = session.scalars(select(Service).where(Service.code.in_(codes)))
    return sorted(found, key=lambda service: codes.index(service.code))


def services_in(category: Category) -> Sequence[Service]:
    """Return a category's services by code."""
    return session.scalars(
        select(Service).where(Service.category_code == category.code).order_by(Service.code)
    ).all()


def categories() -> Sequence[Category]:
    """Return every category by code."""
    return session.scalars(select(Category).order_by(Category.code)).all()


def category_counts(domain: Domain | None = None) -> Sequence[CategoryCount]:
    """Return categories with their number of services, the largest first."""
    count = func.count(Service.id)
    wanted = (
        select(Category, count)
        .join(Service, Service.category_code == Category.code)
        .group_by(Category.code)
        .order_by(count.desc(), Category.code)
    )
    if domain is not None:
        wanted = wanted.where(Category.domain == domain)
    return [CategoryCount(category, number) for category, number in session.execute(wanted)]


def get_service(code: str) -> Service:
    """Return a service by its code; refuse an unknown one."""
    service = session.scalar(select(Service).where(Service.code == code))
    if service is None:
        raise NotFound("services.unknown", "There is no such service. Search for it by name.")
    return service


def get_category(code: str) -> Category:
    """Return a category by its code; refuse an unknown one."""
    category = session.get(Category, code)
    if category is None:
        raise NotFound("services.unknown", "There is no such service. Search for it by name.")
    return category


def get_upload(upload_id: int) -> Upload:
    """Return a checked file; refuse an unknown one."""
    upload = session.get(Upload, upload_id)
    if upload is None:
        raise NotFound("uploads.unknown", "There is no such file. Upload it again.")
    return upload


def get_domain(value: str) -> Domain:
    """Return a domain by its word in addresses; refuse an unknown one."""
    if value not in list(Domain):
        raise NotFound("services.unknown", "There is no such service. Search for it by name.")
    return Domain(value)


def catalog_version() -> str:
    """Return the word for the present state of the catalog and its synonyms."""
    return session.scalar(select(CatalogVersion.version)) or ""


def current_index() -> Index:
    """Return the index of the catalog as it is now; made anew when any worker changed it."""
    version = catalog_version()
    if version != _Kept.version:
        with _Kept.building:
            if version != _Kept.version:
                _Kept.index, _Kept.version = _index(), version
    return _Kept.index


def _index() -> Index:
    """Read the catalog in a session of its own: the index outlives the request's."""
    with Session(session.get_bind()) as own:
        services = own.scalars(select(Service).order_by(Service.code)).all()
        rows = own.execute(select(Synonym.station_id, Synonym.service_id, Synonym.word))
        synonyms = [(station, service, word) for station, service, word in rows]
        own.expunge_all()
    return Index(services, synonyms)
