"""One service: its facts, when visitors find it, who checked it, and what was done to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.access import first_named, names_by, note_change, page, problems_said, station
from admin.catalog import back_to_list, chosen
from admin.days import days_of, span_sent
from admin.forms import CollectForm
from kiosk import clock
from kiosk.access import actor
from kiosk.catalog import actions
from kiosk.catalog.actions import as_text
from kiosk.catalog.draft import Problem
from kiosk.catalog.forms import read_facts, typed
from kiosk.catalog.models import Delivery, Service, ServiceChange
from kiosk.catalog.queries import (
    categories,
    get_category,
    get_service,
    history_of,
    kinds_of_items,
    next_code,
    services_by_code,
)
from kiosk.db import transaction
from kiosk.refusal import Refusal, say
from kiosk.staff.models import AuditEntry
from kiosk.staff.queries import changes_of
from kiosk.stations.queries import stations
from kiosk.tickets.actions import set_terms
from kiosk.tickets.offers import Terms, fingerprint
from kiosk.tickets.queries import queues_of, today_of

SHOWN_HISTORY = 200
DEFAULTS = {"audience": "个人", "item_type": "公共服务", "delivery": "station"}


@dataclass(frozen=True)
class Done:
    """Something that was done to a service: everywhere, or at the station that is named."""

    at: datetime
    by: str
    verb: str
    fields: Sequence[Sequence[str]]
    station_id: int | None = None

    @classmethod
    def of_catalog(cls, row: ServiceChange) -> "Done":
        """Return what was done to the service itself."""
        fields = [
            (name, _on_the_clock(name, before), _on_the_clock(name, after))
            for name, before, after in row.fields
        ]
        return cls(row.at, row.by, row.verb, fields)

    @classmethod
    def of_station(cls, row: AuditEntry) -> "Done":
        """Return what a station changed of its offer."""
        fields = [(name, *map(_told, pair)) for name, pair in (row.changes or {}).items()]
        return cls(row.at, f"member:{row.member_id}", row.action, fields, row.station_id)


def _on_the_clock(name: str, text: str) -> str:
    """Return a moment as it stands on the station's calendar and clock, other texts as they are."""
    if name not in ("starts_at", "ends_at") or not text:
        return text
    return f"{clock.local(datetime.fromisoformat(text), station().timezone):%Y-%m-%d %H:%M}"


def _told(value: object) -> str:
    """Return a value of a station's terms as text; nothing and no list are the same."""
    return as_text(value or None) if not isinstance(value, bool) else as_text(value)


def show(code: str) -> Response:
    """Show a service's facts, and when visitors find it."""
    service = get_service(code)
    return _facts(service, typed(service))


def change(code: str) -> ResponseReturnValue:
    """Change a service's facts, each of them written down."""
    service = get_service(code)
    values, problems = read_facts(request.form)
    if problems:
        return _facts(service, request.form.to_dict(), problems=problems), 422
    revision = request.form.get("revision", 0, int)
    try:
        with transaction():
            actions.change_service(service, values, revision, by=actor(), at=clock.now())
            note_change("services.change", service.code)
    except Refusal as refusal:
        return _facts(service, request.form.to_dict(), refusal)
    return redirect(url_for("admin.services.show", code=code), 303)


def begin() -> Response:
    """Ask what a new service is."""
    return _new(DEFAULTS | {"category": request.args.get("category", "")})


def add() -> ResponseReturnValue:
    """Add a service to the catalog, and offer it in a queue of this station if one was chosen."""
    form = request.form.to_dict()
    values, problems = read_facts(form)
    if not form.get("category"):
        problems = [*problems, Problem("category", say("Choose a category."))]
    if problems:
        return _new(form, problems=problems), 422
    try:
        with transaction():
            category = get_category(form["category"])
            code = form.get("code", "").strip().upper() or next_code(category)
            place = {"code": code, "category_code": category.code}
            service = actions.add_service(values | place, by=actor(), at=clock.now())
            if form.get("letter"):
                terms = Terms(form["letter"], is_on=True)
                set_terms(station(), service, terms, seen=fingerprint(Terms().told))
            note_change("services.add", service.code)
    except Refusal as refusal:
        return _new(form, refusal)
    return redirect(url_for("admin.guides.show", code=service.code), 303)


def times(code: str) -> ResponseReturnValue:
    """Set from when to when visitors find a service; withdraw it now, or take it back."""
    service = get_service(code)
    at = clock.now()
    verb = request.form.get("do")
    try:
        starts_at, ends_at = span_sent()
        if verb == "withdraw":
            starts_at, ends_at = None, at
        elif verb == "back":
            starts_at, ends_at = None, None
        with transaction():
            actions.set_times(service, starts_at, ends_at, by=actor(), at=at)
            note_change(f"services.{verb}" if verb else "services.times", service.code)
    except Refusal as refusal:
        return _facts(service, typed(service), refusal)
    return redirect(url_for("admin.services.show", code=code), 303)


def check(body: CollectForm) -> ResponseReturnValue:
    """Keep that these services were compared with what their departments say, today."""
    place = station()
    codes = [service.code for service in chosen(place, body)]
    with transaction():
        day = today_of(place)
        actions.check_services(services_by_code(codes), day, by=actor(), at=clock.now())
        note_change("services.check", first_named(codes))
    return back_to_list(body)


def history(code: str) -> Response:
    """Show what was done to a service and its guide, by whom, each field old and new."""
    service = get_service(code)
    rows = [Done.of_catalog(row) for row in history_of(service, SHOWN_HISTORY)]
    rows += [Done.of_station(row) for row in changes_of(service.code, SHOWN_HISTORY)]
    rows.sort(key=lambda row: row.at, reverse=True)
    return page(
        "services/history",
        service=service,
        rows=rows[:SHOWN_HISTORY],
        names=names_by({row.by for row in rows}),
        places={place.id: place for place in stations()},
    )


def _facts(
    service: Service,
    form: dict[str, str],
    refusal: Refusal | None = None,
    problems: Sequence[Problem] = (),
) -> Response:
    kept = typed(service)
    is_overtaken = refusal is not None and refusal.code == "services.overtaken"
    return page(
        "services/facts",
        refusal,
        service=service,
        form=form,
        theirs=kept if is_overtaken else {},
        days=days_of(service.starts_at, service.ends_at),
        problems=problems_said(problems),
        **_choices(),
    )


def _new(
    form: dict[str, str],
    refusal: Refusal | None = None,
    problems: Sequence[Problem] = (),
) -> Response:
    return page(
        "services/new",
        refusal,
        form=form,
        problems=problems_said(problems),
        categories=categories(),
        queues=queues_of(station()),
        theirs={},
        **_choices(),
    )


def _choices() -> dict[str, object]:
    audiences, item_types = kinds_of_items()
    return {"audiences": audiences, "item_types": item_types, "deliveries": list(Delivery)}
