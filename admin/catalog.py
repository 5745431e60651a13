"""What a station offers of the catalog."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.access import note_changes, page, station
from admin.forms import OffersForm, SwitchForm
from kiosk.catalog.models import Domain
from kiosk.catalog.queries import categories, services_by_code
from kiosk.catalog.search import search
from kiosk.db import transaction
from kiosk.home.queries import OfferLine, offer_lines
from kiosk.refusal import Refusal
from kiosk.stations.models import Station
from kiosk.tickets import actions
from kiosk.tickets.queries import queues_of

PAGE = 50
FILTERS = ("q", "domain", "category", "queue", "state")


def index() -> str:
    """List the services with their place here."""
    return _list()


def switch(body: SwitchForm) -> ResponseReturnValue:
    """Switch services on or off at this station."""
    try:
        with transaction():
            changes = actions.switch(station(), services_by_code(body.codes), is_on=body.on)
            note_changes("services.on" if body.on else "services.off", changes)
    except Refusal as refusal:
        return _list(refusal), refusal.status
    return _back(body)


def found(place: Station, filters: dict[str, str]) -> list[OfferLine]:
    """Return the services that fit the list's filters."""
    lines = offer_lines(place, search(filters["q"], place.id))
    return [line for line in lines if _fits(line, filters)]


def _back(body: OffersForm) -> ResponseReturnValue:
    is_ours = body.next.startswith("/admin/services")
    return redirect(body.next if is_ours else url_for("admin.catalog.index"), 303)


def _list(refusal: Refusal | None = None) -> str:
    place = station()
    filters = {name: request.args.get(name, "")[:100] for name in FILTERS}
    lines = offer_lines(place, search(filters["q"], place.id))
    fitting = [line for line in lines if _fits(line, filters)]
    pages = max(1, -(-len(fitting) // PAGE))
    number = min(max(request.args.get("page", 1, int), 1), pages)
    return page(
        "catalog/index",
        refusal,
        items=fitting[(number - 1) * PAGE : number * PAGE],
        total=len(fitting),
        page=number,
        pages=pages,
        counts=_counts(lines),
        domains=list(Domain),
        categories=categories(),
        queues=queues_of(place),
        filters=filters,
    )


def _fits(line: OfferLine, filters: dict[str, str]) -> bool:
    service = line.service
    return all(
        not wanted or wanted == has
        for wanted, has in (
            (filters["domain"], service.domain.value),
            (filters["category"], service.category_code),
            (filters["queue"], line.queue.letter if line.queue else ""),
            (filters["state"], line.state),
        )
    )


def _counts(lines: list[OfferLine]) -> dict[str, Any]:
    states = [line.state for line in lines]
    return {"all": len(lines)} | {state: states.count(state) for state in ("on", "off", "none")}
