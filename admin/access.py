"""Where somebody of the staff is at work: their station, and the page they see."""

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response, render_template, session
from flask_babel import gettext

from kiosk import access, clock
from kiosk.catalog.draft import Problem
from kiosk.pages import refusal_words
from kiosk.refusal import Refusal
from kiosk.staff.actions import Changes, write_down, write_down_parts
from kiosk.staff.queries import names_of
from kiosk.stations.models import Station
from kiosk.stations.queries import stations

NAMED = 5


def worker() -> access.Worker:
    """Return who is at work; the route table lets nobody else in."""
    at_work = access.worker()
    if at_work is None:
        raise RuntimeError("a staff page was reached without a permission in its route")
    return at_work


def my_stations() -> list[Station]:
    """Return the stations where whoever asks works."""
    at_work = worker()
    return [place for place in stations() if at_work.station_id in (None, place.id)]


def station() -> Station:
    """Return the station at hand: the chosen one of several, else the first."""
    mine = my_stations()
    chosen = session.get("station")
    return next((place for place in mine if place.code == chosen), mine[0])


def note_change(action: str, subject: str, detail: str = "") -> None:
    """Keep in the audit what is changed here; inside the page's transaction."""
    write_down(worker().member, action, subject, detail, station_id=station().id, at=clock.now())


def note_changes(
    action: str, changes: dict[str, Changes], detail: str = "", *, subject: str = ""
) -> None:
    """Keep what one press changed of services, by their codes: from what to what.

    Several are kept as parts of one change, which is named after them or after `subject`.
    """
    if not changes and not subject:
        return
    codes = list(changes)
    is_one = len(codes) == 1 and not subject
    whole = write_down(
        worker().member,
        action,
        subject or first_named(codes),
        detail,
        station_id=station().id,
        at=clock.now(),
        changes=changes[codes[0]] if is_one else None,
    )
    if not is_one:
        write_down_parts(whole, changes)


def first_named(codes: Sequence[str]) -> str:
    """Return services for the audit's list: the first by their codes, the rest as a number."""
    more = f" +{len(codes) - NAMED}" if len(codes) > NAMED else ""
    return ", ".join(codes[:NAMED]) + more


def names_by(actors: Iterable[str]) -> dict[str, str]:
    """Return what people are called, by the names under which event rows keep them."""
    ids = {by: int(by.partition(":")[2]) for by in actors if re.match(r"member:\d+$", by)}
    names = names_of(ids.values())
    return {by: names[member] for by, member in ids.items() if member in names}


def said(refusal: Refusal | None) -> dict[str, str] | None:
    """Return a refusal as templates show it: its code, and its words in the page's language."""
    if refusal is None:
        return None
    return {"code": refusal.code, "words": refusal_words(refusal)}


def problems_said(problems: Iterable[Problem]) -> dict[str, str]:
    """Return what is wrong with what was typed, in the page's language, by the field's path."""
    return {one.path: gettext(one.words, **one.values) for one in problems}


def page(template: str, refusal: Refusal | None = None, **context: Any) -> Response:  # noqa: ANN401
    """Answer with a staff page of the station at hand, as `bare_page` does."""
    return bare_page(
        template,
        refusal,
        station=station(),
        stations=my_stations(),
        **({"notice": None} | context),
    )


def bare_page(
    template: str,
    refusal: Refusal | None = None,
    **context: Any,  # noqa: ANN401 - a template's
) -> Response:
    """Answer with a staff page; a refusal is its status, and shown beside what was typed."""
    body = render_template(
        f"admin/{template}.html", refusal=said(refusal), **({"form": {}} | context)
    )
    return Response(body, refusal.status if refusal else HTTPStatus.OK)
