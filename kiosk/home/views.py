"""The station's home, and the way from there to a service."""

from hashlib import blake2s
from http import HTTPStatus
from typing import Any

from flask import jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from kiosk import access, clock
from kiosk.appointments.queries import first_free, may_check_in, plans_at
from kiosk.catalog.actions import count_question
from kiosk.catalog.bundles import Bundle, Needed
from kiosk.catalog.current import current_index
from kiosk.catalog.events import life_events
from kiosk.catalog.index import Hit
from kiosk.catalog.models import Service
from kiosk.catalog.queries import (
    catalog_version,
    category_counts,
    find_current,
    get_bundle,
    get_category,
    get_domain,
    get_event,
    published_guide,
    services_by_code,
    services_in,
)
from kiosk.catalog.search import nearest, search, search_bundles
from kiosk.catalog.words import words as words_of
from kiosk.db import transaction
from kiosk.home.forms import SearchedForm
from kiosk.home.linked import government_service
from kiosk.home.queries import (
    OfferLine,
    bundle_lines,
    checklist_token,
    close_to,
    handled_here,
    offer_lines,
    open_counters,
    popular,
    read_token,
    shelf,
)
from kiosk.notices.queries import standing_notices
from kiosk.pages import now_at, part_of, presence_url, public_url, scanned_url, station_page
from kiosk.pickups.queries import has_points
from kiosk.stations.models import Station
from kiosk.stations.queries import get_station, opening_of, stations
from kiosk.tickets.models import Priority
from kiosk.tickets.queries import handled_services, line_of, lines_of
from kiosk.volunteers.queries import comes_for_shift

# As many as fit a kiosk's page: services, services above the keyboard, categories.
SERVICES_PAGE = 10
FOUND_PAGE = 6
CATEGORIES_PAGE = 16
MATERIALS_PAGE = 5
BUNDLES_PAGE = 8
LETTERS_PAGE = 6
# So many questions of one visitor are known again.
MOST_REMEMBERED = 20
PARTS = ("materials", "steps", "questions", "more")


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
        if is_fresh and (due := _due_page(place)):
            return redirect(due)
        return redirect(url_for("home.show", station=station, stale=None if is_fresh else 1))
    known = shelf(catalog_version(), clock.now().replace(second=0, microsecond=0))
    return _page(
        "show",
        place,
        queues=lines_of(place),
        domains=known.domains,
        popular=popular(place, clock.now()),
        has_pickups=has_points(place),
        bundles=known.bundles,
        notices=standing_notices(place, clock.now()),
        plans=lambda: plans_at(place),
        presence_url=presence_url(place),
        may_take=access.may_take(place),
        is_stale="stale" in request.args and not access.may_take(place),
    )


def _due_page(place: Station) -> str | None:
    """Return the page of an appointment or a shift for which this phone may check in now."""
    booked, me, at = session.get(access.APPOINTMENT, ""), access.volunteer_token(), clock.now()
    if may_check_in(booked, place, at):
        return url_for("appointments.show", token=booked)
    return url_for("volunteers.mine.show", token=me) if comes_for_shift(me, place, at) else None


def presence(station: str) -> str:
    """Return the code that a phone scans, as it is now; only a paired kiosk shows it."""
    place = get_station(station)
    return render_template("kiosk/home/presence.html", presence_url=presence_url(place))


def domain(station: str, domain: str) -> str:
    """Show a domain's categories."""
    strand = get_domain(domain)
    counts, page, pages = part_of(category_counts(clock.now(), strand), CATEGORIES_PAGE)
    return _page(
        "domain", get_station(station), domain=strand, categories=counts, page=page, pages=pages
    )


def category(station: str, code: str) -> str:
    """Show a category's services."""
    place = get_station(station)
    group = get_category(code)
    found = [Hit(service) for service in services_in(group, clock.now())]
    return _page("category", place, category=group, **_paged(place, found, SERVICES_PAGE))


def services(station: str) -> str:
    """Show what fits the question, best first; on request only what is handled here."""
    place = get_station(station)
    question = request.args.get("q", "")[:100].strip()
    is_here = request.args.get("here") == "1"
    hits = search(question, place.id) if question else []
    whole = search_bundles(question)
    here = handled_here(place, hits)
    found = here if is_here else hits
    close = [] if found or not question else nearest(question, place.id)
    size = (FOUND_PAGE - 2 * len(whole)) if access.is_kiosk(place) else SERVICES_PAGE
    return _page(
        "services",
        place,
        q=question,
        here=is_here,
        here_total=len(here),
        all_total=len(hits),
        bundles=whole,
        nearest=offer_lines(place, close),
        popular=popular(place, clock.now()),
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
            is_first_time=_asks_first(body.q),
            found_nothing=not hits,
            opened_first=bool(hits) and hits[0].service.code == body.opened,
        )
    return "", HTTPStatus.NO_CONTENT


def _asks_first(question: str) -> bool:
    """Tell whether this visitor did not ask so before; only their own browser remembers."""
    mark = blake2s(question.strip().encode(), digest_size=4).hexdigest()
    asked = session.get("asked", [])
    session["asked"] = [mark, *(one for one in asked if one != mark)][:MOST_REMEMBERED]
    return mark not in asked


def letters(station: str) -> str:
    """Show the services by the first letter of their reading, A to Z; or only those done here."""
    place = get_station(station)
    is_here = request.args.get("here") == "1"
    index = current_index().letters
    if is_here:
        here = handled_services(place)
        index = {one: [s for s in some if s.id in here] for one, some in index.items()}
        index = {one: some for one, some in index.items() if some}
    letter = request.args.get("letter", "A")[:1].upper()
    chosen = letter if letter in index else next(iter(index), "A")
    found = [Hit(service) for service in index.get(chosen, [])]
    return _page(
        "letters",
        place,
        letters=list(index),
        letter=chosen,
        here=is_here,
        **_paged(place, found, LETTERS_PAGE),
    )


def service(station: str, code: str) -> ResponseReturnValue:
    """Show a service's guide, and the way to a number for it; or what is close to it."""
    place = get_station(station)
    thing = find_current(code, clock.now())
    if thing is None:
        return _gone(place, code)
    offer = offer_lines(place, [Hit(thing)])[0]
    guide = published_guide(thing, clock.now())
    url = public_url(request.path)
    return _page(
        "service",
        place,
        service=thing,
        guide=guide,
        linked=government_service(thing, guide, place, url) if guide else None,
        offer=offer,
        counters=open_counters(offer),
        popular=popular(place, clock.now()),
        nearest=[] if offer.is_on else close_to(place, code, clock.now()),
        line=line_of(offer.queue) if offer.queue else None,
        first_free=first_free(place, offer.offer, clock.now()),
        may_take=access.may_take(place),
        phone_url=_checklist_url(place, code) if guide else scanned_url(request.path),
        **_parts([Needed(material, ()) for material in guide.materials] if guide else []),
    )


def events(station: str) -> str:
    """Show the life events: a way in for who does not know what it is called."""
    return _page("events", get_station(station), events=life_events())


def event(station: str, code: str) -> str:
    """Show a life event: bundles for all of it, what is asked most, and categories."""
    place = get_station(station)
    chosen = get_event(code)
    at = clock.now()
    named = services_by_code(chosen.services)
    found = [Hit(service) for service in named if service.is_current(at)]
    return _page(
        "event",
        place,
        event=chosen,
        bundles=[get_bundle(code) for code in chosen.bundles],
        items=offer_lines(place, found),
        categories=category_counts(at, codes=chosen.categories),
    )


def bundles(station: str) -> str:
    """Show the bundles: several services, one checklist, one number."""
    place = get_station(station)
    shown, page, pages = part_of(bundle_lines(place, clock.now()), BUNDLES_PAGE)
    return _page("bundles", place, bundles=shown, page=page, pages=pages)


def bundle(station: str, code: str) -> str:
    """Show a bundle: what to bring for all of it, what is done, and the way to one number."""
    place = get_station(station)
    whole = bundle_lines(place, clock.now(), [get_bundle(code)])[0]
    return _page(
        "bundle",
        place,
        bundle=whole.bundle,
        services=whole.services,
        offer=whole.first,
        line=line_of(whole.queue) if whole.queue else None,
        may_take=access.may_take(place),
        phone_url=_checklist_url(place, code),
        **_parts(whole.materials),
    )


def checklist(token: str) -> ResponseReturnValue:
    """Show what to bring on a phone, to be ticked there; nothing of it comes back here."""
    station, code, is_bundle = read_token(token)
    place = get_station(station)
    thing = get_bundle(code) if is_bundle else find_current(code, clock.now())
    if thing is None:
        return _gone(place, code)
    materials, offer = _to_bring(place, thing)
    return _page(
        "checklist",
        place,
        is_phone=True,
        token=token,
        thing=thing,
        is_bundle=is_bundle,
        guide=None if isinstance(thing, Bundle) else published_guide(thing, clock.now()),
        materials=materials,
        line=line_of(offer.queue) if offer and offer.queue else None,
        offer=offer,
        first_free=None
        if is_bundle or offer is None
        else first_free(place, offer.offer, clock.now()),
        may_take=access.may_take(place),
    )


def _to_bring(place: Station, thing: Bundle | Service) -> tuple[list[Needed], OfferLine | None]:
    """Return what to bring for a service or a bundle, and where it begins here."""
    if isinstance(thing, Bundle):
        whole = bundle_lines(place, clock.now(), [thing])[0]
        return whole.materials, whole.first
    guide = published_guide(thing, clock.now())
    rows = [Needed(material, ()) for material in guide.materials] if guide else []
    return rows, offer_lines(place, [Hit(thing)])[0]


def _gone(place: Station, code: str) -> ResponseReturnValue:
    """Say that a service is offered no longer, and name what is close to it."""
    close = close_to(place, code, clock.now())
    page = _page("gone", place, is_phone=not access.is_kiosk(place), items=close)
    return page, HTTPStatus.NOT_FOUND


def _parts(materials: list[Needed]) -> dict[str, Any]:
    """Return which part of a guide is open, and the page of its materials."""
    asked = request.args.get("part")
    first = PARTS[0] if materials else PARTS[1]
    shown, page, pages = part_of(materials, MATERIALS_PAGE)
    return {
        "part": asked if asked in PARTS else first,
        "materials": materials,
        "shown": shown,
        "first_number": (page - 1) * MATERIALS_PAGE + 1,
        "page": page,
        "pages": pages,
    }


def _checklist_url(place: Station, code: str) -> str:
    path = url_for("home.checklist", token=checklist_token(place, code))
    return scanned_url(path)


def end(station: str) -> ResponseReturnValue:
    """Forget everything about this visitor and go home."""
    session.clear()
    return redirect(url_for("home.show", station=station), 303)


def _page(
    template: str,
    place: Station,
    *,
    is_phone: bool = False,
    **context: Any,  # noqa: ANN401 - a template's
) -> str:
    return station_page(
        f"home/{template}",
        place,
        is_phone=is_phone,
        opening=opening_of(place, clock.now()),
        priorities=list(Priority),
        **context,
    )


def _paged(place: Station, found: list[Hit], size: int) -> dict[str, Any]:
    shown, page, pages = part_of(found, size)
    lines = offer_lines(place, shown)
    return {"items": lines, "total": len(found), "page": page, "pages": pages}
