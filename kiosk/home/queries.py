"""What a station says of services: which it handles, in which queue, and which are asked most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from kiosk.catalog.index import Hit
from kiosk.catalog.models import Category, Domain, Service
from kiosk.catalog.queries import category_counts, services_by_code
from kiosk.stations.models import Station
from kiosk.tickets.models import Offer, Queue
from kiosk.tickets.queries import most_asked, offers_of, today_of

LOOK_BACK = timedelta(days=30)
SHOWN_POPULAR = 6
# What a new station shows until it has figures of its own.
FIRST_POPULAR = ("JZ-0202", "SB-0302", "BM-0101", "DJ-0101", "BM-0111", "FL-0101")


@dataclass(frozen=True)
class OfferLine:
    """A service as one station has it: the queue, and whether it is handled now."""

    service: Service
    offer: Offer | None
    hit: Hit

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
        """Whether a number can be taken for it."""
        return self.offer is not None and self.offer.is_on


@dataclass(frozen=True)
class DomainTile:
    """A domain, how many services it has, and its largest categories."""

    domain: Domain
    count: int
    examples: list[Category]


def offer_lines(station: Station, hits: Sequence[Hit]) -> list[OfferLine]:
    """Return services that were found with the station's word on them."""
    offers = offers_of(station)
    return [OfferLine(hit.service, offers.get(hit.service.id), hit) for hit in hits]


def domain_tiles() -> list[DomainTile]:
    """Return the three domains with what they hold."""
    tiles = []
    for domain in Domain:
        counts = category_counts(domain)
        examples = [entry.category for entry in counts[:3]]
        tiles.append(DomainTile(domain, sum(entry.count for entry in counts), examples))
    return tiles


def popular(station: Station) -> list[Service]:
    """Return what is asked for most here, filled up with what a new station shows."""
    asked = list(most_asked(station, today_of(station) - LOOK_BACK, SHOWN_POPULAR))
    first = [service for service in services_by_code(FIRST_POPULAR) if service not in asked]
    return (asked + first)[:SHOWN_POPULAR]
