"""One pickup on its owner's phone: where it is, until when, and what can be done."""

import secrets
from typing import Any

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue

from kiosk import access, clock
from kiosk.db import transaction
from kiosk.pages import public_url, station_page
from kiosk.pickups import actions, api
from kiosk.pickups.forms import AgreeForm, CollectForm, DetailsForm, ProxyForm, ReportForm
from kiosk.pickups.models import CaseKind
from kiosk.pickups.queries import bookings_of, get_pickup, get_series, rules_of
from kiosk.refusal import Refusal

WORKDAYS = "01234"


def show(token: str) -> str:
    """Show one pickup, live."""
    return _mine(token)


def _mine(token: str, refusal: Refusal | None = None) -> str:
    mine = get_pickup(token)
    proxy = None
    if mine.proxy_hash is not None and mine.is_live:
        proxy = api.codes().proxy(token, mine.proxy_round)
    return station_page(
        "pickups/show",
        mine.station,
        is_phone=True,
        pickup=api.answer(token),
        mine=mine,
        proxy=proxy,
        rules=rules_of(mine.station_id),
        series=_series(mine.series_id, token),
        cases=list(CaseKind),
        url=public_url(f"/p/{token}"),
        refusal=refusal,
    )


def _series(series_id: int | None, token: str) -> str | None:
    """Return the token of a repeating booking, to the browser that made it repeat."""
    kept: dict[str, str] = session.get("repeats", {})
    return kept.get(token) if series_id is not None else None


def _after(token: str, act: Any) -> ResponseReturnValue:  # noqa: ANN401 - what is to be done
    try:
        act()
    except Refusal as refusal:
        return _mine(token, refusal), refusal.status
    return redirect(url_for("pickups.mine.show", token=token), 303)


def collect(token: str) -> ResponseReturnValue:
    """Note that the visitor has it."""
    return _after(token, lambda: api.collect(token, CollectForm()))


def cancel(token: str) -> ResponseReturnValue:
    """Give the booking up."""
    return _after(token, lambda: api.cancel(token))


def accept(token: str) -> ResponseReturnValue:
    """Take the place that was offered."""
    return _after(token, lambda: api.accept(token))


def agree(token: str, body: AgreeForm) -> ResponseReturnValue:
    """Agree to storage, or take that back."""
    return _after(token, lambda: api.agree(token, body))


def proxy(token: str, body: ProxyForm) -> ResponseReturnValue:
    """Make a code for a colleague, or end it."""
    return _after(token, lambda: api.proxy(token, body))


def report(token: str, body: ReportForm) -> ResponseReturnValue:
    """Say what went wrong."""
    return _after(token, lambda: api.report(token, body))


def details(token: str, body: DetailsForm) -> ResponseReturnValue:
    """Keep a phone's last digits and where notices go."""
    mine, by, at = get_pickup(token), access.actor(), clock.now()
    try:
        with transaction():
            how: dict[str, Any] = {"order_tail": body.order_tail, "by": by, "at": at}
            actions.leave_details(mine, body.tail, body.contact, **how)
    except Refusal as refusal:
        return _mine(token, refusal), refusal.status
    return redirect(url_for("pickups.mine.show", token=token), 303)


def repeat(token: str) -> ResponseReturnValue:
    """Book the same on every working day."""
    mine, at = get_pickup(token), clock.now()
    try:
        with transaction():
            made = actions.repeat(mine, WORKDAYS, token=secrets.token_urlsafe(16), at=at)
    except Refusal as refusal:
        return _mine(token, refusal), refusal.status
    session["repeats"] = {**session.get("repeats", {}), token: made.token}
    return redirect(url_for("pickups.mine.series", token=made.token), 303)


def series(token: str) -> str:
    """Show a repeating booking and the days that are booked."""
    made = get_series(token)
    return station_page(
        "pickups/series",
        made.station,
        is_phone=True,
        series=made,
        bookings=bookings_of(made, clock.now()),
        url=public_url(f"/p/repeat/{token}"),
    )


def stop(token: str) -> ResponseReturnValue:
    """Book no further days."""
    made, by, at = get_series(token), access.actor(), clock.now()
    with transaction():
        actions.stop_repeating(made, by=by, at=at)
    return redirect(url_for("pickups.mine.series", token=token), 303)
