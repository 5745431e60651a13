"""What a station offers of the catalog."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.access import note_changes, page, station
from admin.forms import CollectForm, OffersForm, SwitchForm
from kiosk import clock
from kiosk.catalog.index import Hit
from kiosk.catalog.models import Domain, Service
from kiosk.catalog.queries import (
    GuideLine,
    categories,
    checked_days,
    contradicted,
    guide_lines,
    hidden_services,
    services_by_code,
)
from kiosk.catalog.search import search
from kiosk.db import transaction
from kiosk.home.queries import OfferLine, offer_lines
from kiosk.pages import part_of
from kiosk.refusal import Refusal
from kiosk.stations.models import Station
from kiosk.tickets import actions
from kiosk.tickets.queries import queues_of, today_of

PAGE = 50
FILTERS = ("q", "domain", "category", "queue", "state", "guide", "check", "sort")
# What was not compared with its department for longer may be wrong.
STALE = timedelta(days=180)
COMPLETE = 90


class Known:
    """What a list says of guides and checks: as they are now, whatever the index keeps."""

    def __init__(self, place: Station) -> None:
        self.today = today_of(place)
        self._guides = guide_lines(clock.now())
        self._checks = checked_days()
        self._contradicted = contradicted()

    def guide(self, service: Service) -> GuideLine:
        """Return the state of a service's guide."""
        return self._guides.get(service.id, GuideLine())

    def is_contradicted(self, service: Service) -> bool:
        """Tell whether its guide says something else than its facts."""
        return service.id in self._contradicted

    def checked_on(self, service: Service) -> date | None:
        """Return when somebody last compared a service with its department's word."""
        return self._checks.get(service.id)

    def is_stale(self, service: Service) -> bool:
        """Tell whether that is too long ago, or never was."""
        day = self.checked_on(service)
        return day is None or day < self.today - STALE


def index() -> Response:
    """List the services with their place here."""
    return _list()


def switch(body: SwitchForm) -> ResponseReturnValue:
    """Switch services on or off at this station."""
    try:
        with transaction():
            changes = actions.switch(station(), services_by_code(body.codes), is_on=body.on)
            note_changes("services.on" if body.on else "services.off", changes)
    except Refusal as refusal:
        return _list(refusal)
    return back_to_list(body)


def chosen(place: Station, body: CollectForm) -> list[Service]:
    """Return the services that were chosen in the list, or all that fit its filters, in order."""
    if not body.all:
        return services_by_code(body.codes)
    lines = _fitting(_asked(place, body.filters), place, body.filters, Known(place))
    return [line.service for line in lines]


def back_to_list(body: OffersForm) -> ResponseReturnValue:
    """Lead back to the list as it was seen when services were chosen in it."""
    is_ours = body.next.startswith("/admin/services")
    return redirect(body.next if is_ours else url_for("admin.catalog.index"), 303)


def _list(refusal: Refusal | None = None) -> Response:
    place = station()
    filters = {name: request.args.get(name, "")[:100] for name in FILTERS}
    known = Known(place)
    lines = _asked(place, filters)
    fitting = _fitting(lines, place, filters, known)
    items, number, pages = part_of(fitting, PAGE)
    return page(
        "catalog/index",
        refusal,
        items=items,
        known=known,
        total=len(fitting),
        page=number,
        pages=pages,
        counts=_counts(lines, known),
        domains=list(Domain),
        categories=categories(),
        queues=queues_of(place),
        filters=filters,
    )


def _asked(place: Station, filters: dict[str, str]) -> list[OfferLine]:
    """Return what the question finds."""
    return offer_lines(place, search(filters["q"], place.id))


def _fitting(
    lines: list[OfferLine], place: Station, filters: dict[str, str], known: Known
) -> list[OfferLine]:
    """Return the lines that fit; what visitors do not find is listed by itself."""
    if filters["state"] == "hidden":
        lines = offer_lines(place, [Hit(service) for service in hidden_services(clock.now())])
    lines = [line for line in lines if _fits(line, filters, known)]
    if order := _ORDERS.get(filters["sort"]):
        lines.sort(key=lambda line: (order(line.service, known), line.service.code))
    return lines


def _fits(line: OfferLine, filters: dict[str, str], known: Known) -> bool:
    service = line.service
    is_as_wished = all(
        not wanted or wanted == has
        for wanted, has in (
            (filters["domain"], service.domain.value),
            (filters["category"], service.category_code),
            (filters["queue"], line.queue.letter if line.queue else ""),
            (filters["state"].replace("hidden", ""), line.state),
        )
    )
    guide = _GUIDES.get(filters["guide"], _any)
    return (
        is_as_wished
        and guide(known.guide(service))
        and (filters["check"] != "stale" or known.is_stale(service))
        and (filters["check"] != "contradicted" or known.is_contradicted(service))
    )


def _any(_guide: GuideLine) -> bool:
    return True


_GUIDES: dict[str, Callable[[GuideLine], bool]] = {
    "missing": lambda guide: guide.state is None,
    "incomplete": lambda guide: guide.percent < COMPLETE,
    "draft": lambda guide: guide.open_state == "draft",
    "review": lambda guide: guide.open_state == "review",
    "scheduled": lambda guide: guide.state == "scheduled",
}
_ORDERS: dict[str, Callable[[Service, Known], Any]] = {
    "percent": lambda service, known: known.guide(service).percent,
    "checked": lambda service, known: known.checked_on(service) or date.min,
}


def _counts(lines: list[OfferLine], known: Known) -> dict[str, int]:
    states = [line.state for line in lines]
    guides = [known.guide(line.service) for line in lines]
    return (
        {"all": len(lines)}
        | {state: states.count(state) for state in ("on", "off", "none")}
        | {name: sum(map(fits, guides)) for name, fits in _GUIDES.items()}
        | {"stale": sum(known.is_stale(line.service) for line in lines)}
        | {"contradicted": sum(known.is_contradicted(line.service) for line in lines)}
        | {"hidden": len(hidden_services(clock.now()))}
    )
