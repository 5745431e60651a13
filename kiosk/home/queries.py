"""What a station says of services and bundles: which it handles, where, and what to bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from kiosk import clock
from kiosk.catalog.bundles import PREFIX, Bundle, Needed, bundles, needed
from kiosk.catalog.index import Hit
from kiosk.catalog.models import Category, Domain, Service
from kiosk.catalog.most_asked import most_asked_first
from kiosk.catalog.queries import (
    categories,
    category_counts,
    published_guides,
    services_by_code,
    services_in,
)
from kiosk.refusal import NotFound
from kiosk.stations.models import Station
from kiosk.tickets.models import Offer, Queue
from kiosk.tickets.queries import (
    handled_services,
    most_asked,
    offers_of,
    serving_counters,
    today_of,
)

LOOK_BACK = timedelta(days=30)
SHOWN_POPULAR = 6
# The bundles that an office building's people look for first; they stand on the home page.
FIRST_BUNDLES = ("YJS-14", "YJS-09", "YJS-04")
SHOWN_NEAREST = 6


@dataclass(frozen=True)
class OfferLine:
    """A service as one station has it at a moment: the queue, and whether it is handled now."""

    service: Service
    offer: Offer | None
    hit: Hit
    moment: datetime

    @property
    def queue(self) -> Queue | None:
        """The queue it is handled in."""
        return self.offer.queue if self.offer else None

    @property
    def state(self) -> str:
        """`on`, `off`, or `none` for a service that has no queue here."""
        if self.offer is None:
            return "none"
        return "on" if self.offer.is_on else "off"

    @property
    def is_on(self) -> bool:
        """Whether the station handles it, now or at a later hour."""
        if self.offer is None or not self.offer.is_on:
            return False
        return self.offer.ends_on is None or self.is_now or self.begins is not None

    @property
    def is_now(self) -> bool:
        """Whether it is handled at this hour."""
        offer = self.offer
        return offer is not None and offer.is_on and offer.hours.hold(self.moment)

    @property
    def begins(self) -> datetime | None:
        """When it is handled next, where that is not now."""
        if self.offer is None or not self.offer.is_on or self.is_now:
            return None
        return self.offer.hours.next(self.moment)


@dataclass(frozen=True)
class DomainTile:
    """A domain, how many services it has, and its largest categories."""

    domain: Domain
    count: int
    examples: list[Category]


@dataclass(frozen=True)
class BundleTile:
    """A bundle, and how many of its services the catalog has."""

    bundle: Bundle
    count: int


@dataclass(frozen=True)
class Shelf:
    """What a home page says of the catalog; the same until the catalog changes."""

    domains: list[DomainTile]
    bundles: list[BundleTile]


def offer_lines(station: Station, hits: Sequence[Hit]) -> list[OfferLine]:
    """Return services that were found with the station's word on them."""
    offers = offers_of(station, [hit.service.id for hit in hits])
    moment = clock.local(clock.now(), station.timezone)
    return [OfferLine(hit.service, offers.get(hit.service.id), hit, moment) for hit in hits]


def open_counters(line: OfferLine) -> list[int]:
    """Return the counters that handle a service, where not all of its queue's do."""
    if line.offer is None or not line.offer.counters:
        return []
    serving = serving_counters(line.offer.queue.station).get(line.offer.queue_id, [])
    return [number for number in line.offer.counters if number in serving]


def handled_here(station: Station, hits: Sequence[Hit]) -> list[Hit]:
    """Return those of the services found that a number can be taken for."""
    here = handled_services(station)
    return [hit for hit in hits if hit.service.id in here]


@lru_cache(maxsize=2)
def shelf(_version: str, minute: datetime) -> Shelf:
    """Return what stands on every home page while the catalog's version is this, in a minute."""
    first = first_bundles()
    services = services_by_code([code for bundle in first for code in bundle.services])
    known = {service.code for service in services if service.is_current(minute)}
    tiles = [BundleTile(b, sum(code in known for code in b.services)) for b in first]
    return Shelf(domain_tiles(minute), tiles)


@dataclass(frozen=True)
class BundleLine:
    """A bundle as one station has it: its services here, and what to bring for all of them."""

    bundle: Bundle
    services: list[OfferLine]
    materials: list[Needed]

    @property
    def first(self) -> OfferLine | None:
        """The service that it begins with: the first that is handled now, or else later."""
        offered = [line for line in self.services if line.is_on]
        return next((line for line in offered if line.is_now), next(iter(offered), None))

    @property
    def queue(self) -> Queue | None:
        """The queue of the service that it begins with."""
        return self.first.queue if self.first else None


def bundle_lines(
    station: Station, at: datetime, wanted: Sequence[Bundle] | None = None
) -> list[BundleLine]:
    """Return bundles, or all of them, with the station's word on their services."""
    chosen = bundles() if wanted is None else wanted
    named = services_by_code(list(dict.fromkeys(c for b in chosen for c in b.services)))
    services = [service for service in named if service.is_current(at)]
    lines = {line.service.code: line for line in offer_lines(station, [Hit(s) for s in services])}
    guides = published_guides(services, at)
    return [
        BundleLine(
            bundle,
            [lines[code] for code in bundle.services if code in lines],
            needed(bundle, guides),
        )
        for bundle in chosen
    ]


def first_bundles() -> list[Bundle]:
    """Return the bundles that stand on a station's home page."""
    known = {bundle.code: bundle for bundle in bundles()}
    return [known[code] for code in FIRST_BUNDLES if code in known]


def close_to(station: Station, code: str, at: datetime) -> list[OfferLine]:
    """Return what a station offers closest to a service that it offers no longer."""
    group = next((group for group in categories() if code.startswith(group.code)), None)
    found = services_in(group, at) if group else []
    siblings = [service for service in found if service.code != code]
    offered = [line for line in offer_lines(station, [Hit(s) for s in siblings]) if line.is_on]
    return offered[:SHOWN_NEAREST]


def checklist_token(station: Station, code: str) -> str:
    """Return the address of a checklist: where, and of which service or bundle. No secret."""
    return f"{station.code}.{code}"


def read_token(token: str) -> tuple[str, str, bool]:
    """Return a checklist's station, its code, and whether that is a bundle's."""
    station, dot, code = token.rpartition(".")
    if not dot:
        raise NotFound("checklists.unknown", "There is no such checklist. Start at the station.")
    return station, code, code.startswith(PREFIX)


def domain_tiles(at: datetime) -> list[DomainTile]:
    """Return the three domains with what they hold at a moment."""
    tiles = []
    for domain in Domain:
        counts = category_counts(at, domain)
        examples = [entry.category for entry in counts[:3]]
        tiles.append(DomainTile(domain, sum(entry.count for entry in counts), examples))
    return tiles


def popular(station: Station, at: datetime) -> list[Service]:
    """Return what is asked for most here, filled up with what a new station shows."""
    asked = list(most_asked(station, today_of(station) - LOOK_BACK, SHOWN_POPULAR))
    usual = services_by_code(most_asked_first()[:SHOWN_POPULAR])
    first = [service for service in usual if service not in asked]
    return [service for service in asked + first if service.is_current(at)][:SHOWN_POPULAR]
