"""The station's home, and the way from there to a service."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from flask import jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from kiosk import access, clock
from kiosk.catalog.actions import count_question
from kiosk.catalog.index import Hit
from kiosk.catalog.queries import (
    by_letter,
    catalog_version,
    category_counts,
    current_index,
    get_category,
    get_domain,
    get_service,
    services_in,
)
from kiosk.catalog.search import nearest, search
from kiosk.catalog.words import words as words_of
from kiosk.db import transaction
from kiosk.home.forms import SearchedForm
from kiosk.home.queries import domain_tiles, offer_lines, popular
from kiosk.pages import now_at, public_url
from kiosk.stations.models import Station
from kiosk.stations.queries import get_station, opening_of, stations
from kiosk.tickets.queries import line_of, lines_of

# As many as fit a kiosk's page: services, services above the keyboard, categories.
SERVICES_PAGE = 10
FOUND_PAGE = 6
CATEGORIES_PAGE = 20
T = TypeVar("T")


def index() -> ResponseReturnValue:
    """List the stations, or go to the only one."""
    places = stations()
    if len(places) == 1:
        return redirect(url_for("home.show", station=places[0].code))
    rows = [
        {
            "station": place,
            "opening": opening_of(place, clock.now()),
            "waiting": sum(line.waiting for line in lines_of(place)),
        }
        for place in places
    ]
    return render_template("kiosk/stations/index.html", stations=rows)


def show(station: str) -> ResponseReturnValue:
    """Show the station's home; a phone that scanned the rotating code is let in here."""
    place = get_station(station)
    if code := request.args.get("at"):
        is_fresh = access.note_presence(place, code)
        stale = None if is_fresh else 1
        return redirect(url_for("home.show", station=station, stale=stale))
    return _page(
        "show",
        place,
        queues=lines_of(place),
        domains=domain_tiles(),
        popular=popular(place),
        presence_url=_presence_url(place),
        may_take=access.may_take(place),
        is_stale="stale" in request.args and not access.may_take(place),
    )


def presence(station: str) -> str:
    """Return the code that a phone scans, as it is now; only a paired kiosk shows it."""
    place = get_station(station)
    return render_template("kiosk/home/presence.html", presence_url=_presence_url(place))


def domain(station: str, domain: str) -> str:
    """Show a domain's categories."""
    strand = get_domain(domain)
    counts, page, pages = _page_of(category_counts(strand), CATEGORIES_PAGE)
    return _page(
        "domain", get_station(station), domain=strand, categories=counts, page=page, pages=pages
    )


def category(station: str, code: str) -> str:
    """Show a category's services."""
    place = get_station(station)
    group = get_category(code)
    found = [Hit(service) for service in services_in(group)]
    return _page("category", place, category=group, **_paged(place, found, SERVICES_PAGE))


def services(station: str) -> str:
    """Show what fits the question, best first; on request only what is handled here."""
    place = get_station(station)
    question = request.args.get("q", "")[:100].strip()
    is_here = request.args.get("here") == "1"
    hits = search(question, place.id) if question else []
    found = _handled_here(place, hits) if is_here else hits
    close = [] if found or not question else nearest(question, place.id)
    size = FOUND_PAGE if access.is_kiosk(place) else SERVICES_PAGE
    return _page(
        "services",
        place,
        q=question,
        here=is_here,
        here_total=len(_handled_here(place, hits)),
        all_total=len(hits),
        nearest=offer_lines(place, close),
        popular=popular(place),
        may_take=access.may_take(place),
        words_version=catalog_version(),
        **_paged(place, found, size),
    )


def words(station: str) -> ResponseReturnValue:
    """Return the words that the kiosk's keyboard offers; kept by browsers until they change."""
    place = get_station(station)
    version = catalog_version()
    answer = jsonify({"version": version, "words": words_of(current_index(), place.id)})
    if request.args.get("v") == version:
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def searched(station: str, body: SearchedForm) -> ResponseReturnValue:
    """Count a question that somebody settled on, and whether its first answer was opened."""
    place = get_station(station)
    hits = search(body.q, place.id)
    with transaction():
        count_question(
            place.id,
            body.q,
            now_at(place).date(),
            found_nothing=not hits,
            opened_first=bool(hits) and hits[0].service.code == body.opened,
        )
    return "", HTTPStatus.NO_CONTENT


def letters(station: str) -> str:
    """Show the services by the first letter of their reading, A to Z."""
    place = get_station(station)
    index = by_letter()
    letter = request.args.get("letter", "A")[:1].upper()
    chosen = letter if letter in index else next(iter(index), "A")
    found = [Hit(service) for service in index.get(chosen, [])]
    return _page(
        "letters",
        place,
        letters=list(index),
        letter=chosen,
        **_paged(place, found, SERVICES_PAGE),
    )


def service(station: str, code: str) -> str:
    """Show a service's guide, and the way to a number for it."""
    place = get_station(station)
    thing = get_service(code)
    line = offer_lines(place, [Hit(thing)])[0]
    return _page(
        "service",
        place,
        service=thing,
        offer_is_on=line.is_on,
        popular=popular(place),
        line=line_of(line.queue) if line.queue else None,
        may_take=access.may_take(place),
        phone_url=public_url(request.path),
    )


def end(station: str) -> ResponseReturnValue:
    """Forget everything about this visitor and go home."""
    session.clear()
    return redirect(url_for("home.show", station=station), 303)


def _handled_here(place: Station, hits: Sequence[Hit]) -> list[Hit]:
    return [line.hit for line in offer_lines(place, hits) if line.is_on]


def _page(template: str, place: Station, **context: Any) -> str:  # noqa: ANN401 - a template's
    return render_template(
        f"kiosk/home/{template}.html",
        station=place,
        kiosk=access.is_kiosk(place),
        now=now_at(place),
        opening=opening_of(place, clock.now()),
        **context,
    )


def _paged(place: Station, found: list[Hit], size: int) -> dict[str, Any]:
    shown, page, pages = _page_of(found, size)
    lines = offer_lines(place, shown)
    return {"items": lines, "total": len(found), "page": page, "pages": pages}


def _page_of(found: Sequence[T], size: int) -> tuple[Sequence[T], int, int]:
    """Return the page that is asked for, its number, and how many pages there are."""
    pages = max(1, -(-len(found) // size))
    page = min(max(request.args.get("page", 1, int), 1), pages)
    return found[(page - 1) * size : page * size], page, pages


def _presence_url(place: Station) -> str | None:
    if not access.is_kiosk(place):
        return None
    path = url_for("home.show", station=place.code, at=access.presence_code(place))
    return public_url(path)
