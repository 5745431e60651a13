"""Many services changed with one press: choose what, look at each row, then all or none."""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.access import note_changes, page, said, station
from admin.catalog import chosen
from admin.forms import CollectForm, SeenForm, WishForm
from kiosk import clock
from kiosk.access import actor
from kiosk.db import transaction
from kiosk.pages import part_of
from kiosk.refusal import Refusal
from kiosk.tickets import actions
from kiosk.tickets.actions.offers import preview_mark
from kiosk.tickets.models import BulkChange
from kiosk.tickets.offers import Planned, Wish, Wished, refusals_of_wish
from kiosk.tickets.queries import get_change, planned, queues_of, serving_by_letter

PAGE = 100
LONGEST_WORD = 40
READY = (Wish.ON, Wish.OFF)


def collect(body: CollectForm) -> ResponseReturnValue:
    """Take the chosen services, or all that fit the filters, to the page that changes them."""
    place = station()
    services = chosen(place, body)
    wished = Wished(body.wish) if body.wish in READY else None
    with transaction():
        change = actions.collect(place, services, wished, by=actor(), at=clock.now())
    return redirect(_address(change, None if wished else body.wish), 303)


def show(change: int) -> Response:
    """Ask what is to change; once that is said, show it row by row."""
    return _page(get_change(station(), change))


def choose(change: int, body: WishForm) -> ResponseReturnValue:
    """Say what is to change of the services."""
    kept = get_change(station(), change)
    hours, wrong = body.service_hours()
    words = tuple(word.strip()[:LONGEST_WORD] for word in body.words.replace("，", ",").split(","))
    wished = Wished(
        body.wish, body.queue, body.numbers(), hours, tuple(w for w in dict.fromkeys(words) if w)
    )
    wrong = (wrong if body.wish is Wish.HOURS else {}) | refusals_of_wish(
        wished, serving_by_letter(station())
    )
    if wrong:
        return _page(kept, wrong=wrong, body=body), 422
    try:
        with transaction():
            actions.choose(kept, wished)
    except Refusal as refusal:
        return _page(kept, refusal)
    return redirect(_address(kept), 303)


def apply(change: int, body: SeenForm) -> ResponseReturnValue:
    """Change all the services as it was shown, or none."""
    kept = get_change(station(), change)
    try:
        with transaction():
            done = actions.change_all(station(), kept, seen=body.seen, at=clock.now())
            wish = (kept.wished or {})["wish"]
            note_changes(f"services.{wish}", done, (kept.wished or {})["queue"])
    except Refusal as refusal:
        return _page(kept, refusal)
    return redirect(_address(kept), 303)


def _page(
    change: BulkChange,
    refusal: Refusal | None = None,
    *,
    wrong: dict[str, Refusal] | None = None,
    body: WishForm | None = None,
) -> Response:
    place = station()
    wished = Wished.read(change.wished) if change.wished else None
    rows = planned(place, change) if change.applied_at is None else []
    changing = [row for row in rows if not row.why_not]
    staying = [row for row in rows if row.why_not]
    shown, number, pages = part_of(changing + staying, PAGE)
    return page(
        "changes/show",
        refusal,
        change=change,
        wished=wished,
        wish=body.wish if body else wished.wish if wished else request.args.get("wish", ""),
        changing=len(changing),
        reasons=_reasons(staying),
        rows=shown,
        number=number,
        pages=pages,
        seen=preview_mark(rows),
        outside=wished.hours.outside(place.hours) if wished else [],
        queues=queues_of(place),
        serving=serving_by_letter(place),
        wrong={field: said(one) for field, one in (wrong or {}).items()},
        form=body.model_dump() if body else wished.told if wished else {},
        typed=body is not None,
    )


def _reasons(staying: list[Planned]) -> list[tuple[str, int]]:
    """Return why services stay as they are, and how many for each reason."""
    reasons = [row.why_not for row in staying]
    return [(reason, reasons.count(reason)) for reason in dict.fromkeys(reasons)]


def _address(change: BulkChange, wish: Wish | None = None) -> str:
    return url_for("admin.changes.show", change=change.id, wish=wish)
