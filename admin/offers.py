"""What the station says of one service: on or off, queue, windows, hours."""

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from admin.access import note_changes, page, said, station
from admin.forms import OfferForm
from kiosk.catalog.models import Service
from kiosk.catalog.queries import get_service
from kiosk.db import transaction
from kiosk.refusal import Refusal
from kiosk.tickets import actions
from kiosk.tickets.offers import Terms, fingerprint, refusals, terms_of
from kiosk.tickets.queries import find_offer, queues_of, serving_by_letter


def show(code: str) -> Response:
    """Show what the station says of a service."""
    return _form(get_service(code))


def save(code: str, body: OfferForm) -> ResponseReturnValue:
    """Change what the station says of a service."""
    service = get_service(code)
    hours, wrong = body.service_hours()
    terms = Terms(body.queue or None, body.is_on, body.numbers(), hours)
    wrong |= refusals(terms, serving_by_letter(station()))
    if wrong:
        return _form(service, wrong=wrong, body=body), 422
    try:
        with transaction():
            changes = actions.set_terms(station(), service, terms, seen=body.seen)
            note_changes("services.offer", {code: changes} if changes else {})
    except Refusal as refusal:
        return _form(service, refusal, body=body)
    return redirect(url_for("admin.offers.show", code=code, saved=1), 303)


def _form(
    service: Service,
    refusal: Refusal | None = None,
    *,
    wrong: dict[str, Refusal] | None = None,
    body: OfferForm | None = None,
) -> Response:
    place = station()
    terms = terms_of(find_offer(place, service))
    serving = serving_by_letter(place)
    stale = refusals(terms, serving) if terms.queue else {}
    return page(
        "offers/show",
        refusal,
        service=service,
        terms=terms,
        seen=fingerprint(terms.told),
        queues=queues_of(place),
        serving=serving,
        outside=terms.hours.outside(place.hours),
        others=[n for n in serving.get(terms.queue or "", []) if n not in terms.counters],
        stale=said(stale.get("counters")),
        wrong={field: said(one) for field, one in (wrong or {}).items()},
        form=body.model_dump() if body else {},
    )
