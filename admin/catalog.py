"""What a station offers of the catalog."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.access import note_change, page, station
from admin.forms import AssignForm, OffersForm, SwitchForm
from kiosk.catalog.models import Domain
from kiosk.catalog.queries import categories, services_by_code
from kiosk.catalog.search import search
from kiosk.db import transaction
from kiosk.home.queries import OfferLine, offer_lines
from kiosk.refusal import Refusal
from kiosk.tickets import actions
from kiosk.tickets.queries import get_queue, queues_of

PAGE = 50
FILTERS = ("q", "domain", "category", "queue", "state")


def index() -> str:
    """List the services with their place here."""
    return _list()


def switch(body: SwitchForm) -> ResponseReturnValue:
    """Switch services on or off at this station."""
    try:
        with transaction():
            actions.switch(station(), services_by_code(body.codes), is_on=body.on)
            note_change("services.on" if body.on else "services.off", _named(body))
    except Refusal as refusal:
        return _list(refusal), refusal.status
    return _back(body)


def assign(body: AssignForm) -> ResponseReturnValue:
    """Offer services in a queue of this station."""
    place = station()
    with transaction():
        actions.assign(place, services_by_code(body.codes), get_queue(place, body.letter))
        note_change("services.assign", _named(body), body.letter)
    return _back(body)


def _named(body: OffersForm) -> str:
    return ", ".join(body.codes[:5]) + (f" +{len(body.codes) - 5}" if len(body.codes) > 5 else "")  # noqa: PLR2004


def _back(body: OffersForm) -> ResponseReturnValue:
    is_ours = body.next.startswith("/admin/services")
    return redirect(body.next if is_ours else url_for("admin.catalog.index"), 303)


def _list(refusal: Refusal | None = None) -> str:
    place = station()
    filters = {name: request.args.get(name, "")[:100] for name in FILTERS}
    lines = offer_lines(place, search(filters["q"], place.id))
    found = [line for line in lines if _fits(line, filters)]
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(request.args.get("page", 1, int), 1), pages)
    return page(
        "catalog/index",
        refusal,
        items=found[(number - 1) * PAGE : number * PAGE],
        total=len(found),
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
