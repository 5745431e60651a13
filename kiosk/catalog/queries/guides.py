"""Questions about guides: what visitors read, what is being written, what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import func, or_, select

from kiosk.catalog.guide import Guide
from kiosk.catalog.lacks import clashes
from kiosk.catalog.models import FIGURES, GuideState, GuideVersion, Service, ServiceChange
from kiosk.catalog.queries.services import catalog_version
from kiosk.db import session
from kiosk.refusal import NotFound

OPEN = (GuideState.DRAFT, GuideState.REVIEW)
_READ = (GuideState.PUBLISHED, GuideState.SCHEDULED)
_BEGINS = func.coalesce(GuideVersion.starts_at, GuideVersion.published_at)


@dataclass(frozen=True)
class GuideLine:
    """A service's guide in a list: how complete what visitors read is, and what is under way.

    `state` is `published`, `scheduled` or None; `open_state` is `draft`, `review` or None.
    """

    percent: int = 0
    state: str | None = None
    open_state: str | None = None


def published_version(service: Service, at: datetime) -> GuideVersion | None:
    """Return the version that visitors read at a moment, if there is one."""
    return _current(_begun([service], at), at).get(service.id)


def published_guide(service: Service, at: datetime) -> Guide | None:
    """Return the guide that visitors read at a moment, with the day it was last checked."""
    version = published_version(service, at)
    return _checked(version.guide, service.checked_on) if version else None


def published_guides(services: Sequence[Service], at: datetime) -> dict[str, Guide]:
    """Return the guides of several services, by their codes; who has none is left out."""
    found = _current(_begun(services, at), at)
    return {
        service.code: _checked(found[service.id].guide, service.checked_on)
        for service in services
        if service.id in found
    }


def find_open(service: Service) -> GuideVersion | None:
    """Return the draft of a service, or what is in review, if it has one."""
    return session.scalar(
        select(GuideVersion).where(
            GuideVersion.service_id == service.id, GuideVersion.state.in_(OPEN)
        )
    )


def versions_of(service: Service) -> Sequence[GuideVersion]:
    """Return every version of a service's guide, newest first."""
    return session.scalars(
        select(GuideVersion)
        .where(GuideVersion.service_id == service.id)
        .order_by(GuideVersion.number.desc())
    ).all()


def get_version(service: Service, number: int) -> GuideVersion:
    """Return a version by its number; refuse an unknown one."""
    version = session.scalar(
        select(GuideVersion).where(
            GuideVersion.service_id == service.id, GuideVersion.number == number
        )
    )
    if version is None:
        raise NotFound("guides.unknown", "There is no such version. Look at the list again.")
    return version


def history_of(service: Service, limit: int) -> Sequence[ServiceChange]:
    """Return what was done to a service, newest first."""
    return session.scalars(
        select(ServiceChange)
        .where(ServiceChange.service_id == service.id)
        .order_by(ServiceChange.id.desc())
        .limit(limit)
    ).all()


def guide_lines(at: datetime) -> dict[int, GuideLine]:
    """Return the guides of all services as a list shows them, by the service's id."""
    rows = session.execute(
        select(
            GuideVersion.service_id,
            GuideVersion.state,
            GuideVersion.percent,
            GuideVersion.starts_at,
            GuideVersion.ends_at,
        )
        .where(GuideVersion.state.in_((*OPEN, *_READ)))
        .order_by(_BEGINS, GuideVersion.number)
    )
    lines: dict[int, GuideLine] = {}
    for service_id, state, percent, begins, ends in rows:
        line = lines.get(service_id, GuideLine())
        if state in OPEN:
            lines[service_id] = GuideLine(line.percent, line.state, state.value)
        elif begins is not None and begins > at:
            lines[service_id] = GuideLine(line.percent, line.state or "scheduled", line.open_state)
        elif ends is None or ends > at:
            lines[service_id] = GuideLine(percent, "published", line.open_state)
    return lines


def has_due(at: datetime) -> bool:
    """Tell whether a scheduled version's time has come."""
    due = select(GuideVersion.id).where(
        GuideVersion.state == GuideState.SCHEDULED, GuideVersion.starts_at <= at
    )
    return session.scalar(due.limit(1)) is not None


def contradicted() -> frozenset[int]:
    """Return the ids of the services whose published guide contradicts their facts."""
    return _contradicted(catalog_version())


@lru_cache(maxsize=1)
def _contradicted(_version: str) -> frozenset[int]:
    facts = [getattr(Service, name) for name in FIGURES]
    rows = session.execute(
        select(GuideVersion.service_id, GuideVersion.content, *facts)
        .join(GuideVersion.service)
        .where(GuideVersion.state == GuideState.PUBLISHED)
    )
    return frozenset(
        service
        for service, content, *figures in rows
        if clashes(content, dict(zip(FIGURES, figures, strict=True)))
    )


def material_keys() -> dict[str, str]:
    """Return the key of every material that a published guide names, by its Chinese name."""
    return _material_keys(catalog_version())


@lru_cache(maxsize=1)
def _material_keys(_version: str) -> dict[str, str]:
    contents = session.scalars(
        select(GuideVersion.content).where(GuideVersion.state.in_(_READ)).order_by(GuideVersion.id)
    )
    keys: dict[str, str] = {}
    for content in contents:
        for material in content["materials"]:
            keys.setdefault(material["name"]["zh"], material["key"])
    return keys


def _begun(services: Sequence[Service], at: datetime) -> Sequence[GuideVersion]:
    return session.scalars(
        select(GuideVersion)
        .where(
            GuideVersion.service_id.in_([service.id for service in services]),
            GuideVersion.state.in_(_READ),
            or_(GuideVersion.starts_at.is_(None), GuideVersion.starts_at <= at),
        )
        .order_by(_BEGINS, GuideVersion.number)
    ).all()


def _current(begun: Sequence[GuideVersion], at: datetime) -> dict[int, GuideVersion]:
    """Return of each service the version that began last, unless it is over."""
    last = {version.service_id: version for version in begun}
    return {
        service: version
        for service, version in last.items()
        if version.ends_at is None or version.ends_at > at
    }


def _checked(guide: Guide, day: date | None) -> Guide:
    return guide.model_copy(update={"checked_on": day}) if day else guide
