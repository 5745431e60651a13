"""Stations, services and bundles for programs."""

from typing import Annotated, Any

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from kiosk import clock
from kiosk.catalog.guide import Guide, Material
from kiosk.catalog.models import Domain
from kiosk.catalog.queries import get_current, published_guide
from kiosk.catalog.search import search, search_bundles
from kiosk.home.queries import BundleLine, OfferLine, bundle_lines, offer_lines
from kiosk.stations.hours import clock as wall
from kiosk.stations.models import Station
from kiosk.stations.queries import counters_of, get_station, opening_of, stations
from kiosk.tickets.api import WaitAnswer
from kiosk.tickets.queries import lines_of, served_queues


class QueueAnswer(TypedDict):
    """A queue as visitors see it; `wait` is what a newcomer would wait."""

    letter: str
    name: str
    name_en: str
    is_open: bool
    waiting: int
    wait: WaitAnswer | None


class CounterLine(TypedDict):
    """A counter, whether it is paused, and which queues it serves, preferred first."""

    number: int
    is_paused: bool
    queues: list[str]


class StationLine(TypedDict):
    """A station and whether it is open."""

    code: str
    name: str
    name_en: str
    address: str
    timezone: str
    open: bool
    hours_today: str
    next_opens: str | None
    queues: list[QueueAnswer]


class StationAnswer(StationLine):
    """A station with its counters."""

    counters: list[CounterLine]


class StationsAnswer(TypedDict):
    """All stations."""

    items: list[StationLine]


class SpanAnswer(TypedDict):
    """Hours on a day of the week: 0 is Monday, `9:00`."""

    weekday: int
    opens: str
    closes: str


class HandledAnswer(TypedDict):
    """When and where a station handles a service.

    No hours mean whenever it is open; no counters mean all of the queue's. `next` is when it is
    handled next, where that is not now.
    """

    now: bool
    next: str | None
    hours: list[SpanAnswer]
    starts_on: str | None
    ends_on: str | None
    counters: list[int]


class ServiceLine(TypedDict):
    """A service found; `score` says how well it fits, `queue` where it is handled here."""

    code: str
    name_zh: str
    name_en: str
    domain: str
    category_zh: str
    queue: str | None
    is_on: bool
    handled: HandledAnswer | None
    score: int


class BundleFound(TypedDict):
    """A bundle that was asked for by a name of its own."""

    code: str
    name_zh: str
    name_en: str


class ServicesAnswer(TypedDict):
    """The services that fit, best first; `total` counts all of them. Bundles stand beside them."""

    total: int
    items: list[ServiceLine]
    bundles: list[BundleFound]


class ServiceAnswer(TypedDict):
    """A service and its whole guide; null means unknown, or that there is no guide yet."""

    code: str
    name_zh: str
    name_en: str
    domain: str
    category: str
    category_zh: str
    category_en: str
    department_zh: str
    audience: str
    item_type: str
    delivery: str
    delivery_zh: str
    legal_days: int | None
    promised_days: int | None
    fee: bool | None
    on_site_visits: int | None
    keywords: list[str]
    source: str
    guide: Guide | None


class BundleService(TypedDict):
    """A service of a bundle, and where it is handled here."""

    code: str
    name_zh: str
    name_en: str
    queue: str | None
    is_on: bool


class BundleMaterial(Material):
    """What to bring for a bundle, and the codes of the services that ask for it."""

    services: list[str]


class BundleAnswer(TypedDict):
    """Several services done as one; `queue` is where its ticket waits, null if nowhere here."""

    code: str
    name_zh: str
    name_en: str
    words_zh: str
    words_en: str
    queue: str | None
    services: list[BundleService]
    materials: list[BundleMaterial]
    is_sample: bool


class BundlesAnswer(TypedDict):
    """All bundles."""

    items: list[BundleAnswer]


class SearchQuery(BaseModel):
    """What a search may be narrowed to."""

    q: str = ""
    domain: str = ""
    category: str = ""
    limit: Annotated[int, Field(ge=0, le=500)] = 20
    offset: Annotated[int, Field(ge=0)] = 0


def index() -> StationsAnswer:
    """List the stations."""
    return {"items": [_line(place) for place in stations()]}


def show(station: str) -> StationAnswer:
    """Show a station with its queues and counters."""
    place = get_station(station)
    counters: list[CounterLine] = [
        {
            "number": counter.number,
            "is_paused": counter.is_paused,
            "queues": [queue.letter for queue in served_queues(counter)],
        }
        for counter in counters_of(place)
    ]
    return {**_line(place), "counters": counters}


def results(station: str, query: SearchQuery) -> ServicesAnswer:
    """Search a station's services."""
    place = get_station(station)
    domains = {query.domain, *(d for d in Domain if d.name_zh == query.domain)}
    hits = [
        hit
        for hit in search(query.q, place.id)
        if (not query.domain or hit.service.domain in domains)
        and query.category in ("", hit.service.category_code, hit.service.category.name_zh)
    ]
    page = hits[query.offset : query.offset + query.limit]
    items: list[ServiceLine] = [
        {
            "code": line.service.code,
            "name_zh": line.service.name_zh,
            "name_en": line.service.name_en,
            "domain": line.service.domain.name_zh,
            "category_zh": line.service.category.name_zh,
            "queue": line.queue.letter if line.queue else None,
            "is_on": line.is_on,
            "handled": _handled(line),
            "score": line.hit.score,
        }
        for line in offer_lines(place, page)
    ]
    bundles: list[BundleFound] = [
        {"code": bundle.code, "name_zh": bundle.name_zh, "name_en": bundle.name_en}
        for bundle in search_bundles(query.q)
    ]
    return {"total": len(hits), "items": items, "bundles": bundles}


def _handled(line: OfferLine) -> HandledAnswer | None:
    if line.offer is None or not line.is_on:
        return None
    hours = line.offer.hours
    return {
        "now": line.is_now,
        "next": line.begins.isoformat() if line.begins else None,
        "hours": [
            {"weekday": span.weekday, "opens": wall(span.opens), "closes": wall(span.closes)}
            for span in hours.spans
        ],
        "starts_on": hours.starts_on.isoformat() if hours.starts_on else None,
        "ends_on": hours.ends_on.isoformat() if hours.ends_on else None,
        "counters": line.offer.counters or [],
    }


def guide(code: str) -> dict[str, Any]:
    """Show a service's whole guide."""
    at = clock.now()
    thing = get_current(code, at)
    found = published_guide(thing, at)
    return {
        "code": thing.code,
        "name_zh": thing.name_zh,
        "name_en": thing.name_en,
        "domain": thing.domain.name_zh,
        "category": thing.category_code,
        "category_zh": thing.category.name_zh,
        "category_en": thing.category.name_en,
        "department_zh": thing.department,
        "audience": thing.audience,
        "item_type": thing.item_type,
        "delivery": thing.delivery.value,
        "delivery_zh": thing.delivery.name_zh,
        "legal_days": thing.legal_days,
        "promised_days": thing.promised_days,
        "fee": thing.fee,
        "on_site_visits": thing.on_site_visits,
        "keywords": list(thing.keywords),
        "source": thing.source,
        "guide": found.content if found else None,
    }


def bundles(station: str) -> dict[str, Any]:
    """List the bundles with a station's word on their services."""
    return {"items": [_bundle(line) for line in bundle_lines(get_station(station), clock.now())]}


def _bundle(line: BundleLine) -> dict[str, Any]:
    return {
        "code": line.bundle.code,
        "name_zh": line.bundle.name_zh,
        "name_en": line.bundle.name_en,
        "words_zh": line.bundle.words.zh,
        "words_en": line.bundle.words.en,
        "queue": line.queue.letter if line.queue else None,
        "services": [
            {
                "code": offered.service.code,
                "name_zh": offered.service.name_zh,
                "name_en": offered.service.name_en,
                "queue": offered.queue.letter if offered.queue else None,
                "is_on": offered.is_on,
            }
            for offered in line.services
        ],
        "materials": [
            row.material.model_dump(mode="json") | {"services": list(row.services)}
            for row in line.materials
        ],
        "is_sample": line.bundle.is_sample,
    }


def _line(place: Station) -> StationLine:
    opening = opening_of(place, clock.now())
    return {
        "code": place.code,
        "name": place.name_zh,
        "name_en": place.name_en,
        "address": place.address,
        "timezone": place.timezone,
        "open": opening.is_open,
        "hours_today": opening.today,
        "next_opens": opening.next_opens.isoformat() if opening.next_opens else None,
        "queues": [
            {
                "letter": line.queue.letter,
                "name": line.queue.name_zh,
                "name_en": line.queue.name_en,
                "is_open": line.is_open,
                "waiting": line.waiting,
                "wait": {
                    "low_minutes": line.wait.low_minutes,
                    "high_minutes": line.wait.high_minutes,
                }
                if line.wait
                else None,
            }
            for line in lines_of(place)
        ],
    }
