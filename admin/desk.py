"""The window: who waits, who is here, and one key for each verb."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from admin.access import page, station, worker
from admin.shifts import due_now, my_day
from kiosk import access, clock
from kiosk.access import actor
from kiosk.appointments.queries import booked_times
from kiosk.catalog.queries import published_guide
from kiosk.db import transaction
from kiosk.idempotency import Answer, once
from kiosk.printing.queries import printers_of
from kiosk.refusal import Refusal
from kiosk.staff.queries import names_of
from kiosk.stations.actions import lock
from kiosk.stations.hours import clock as wall
from kiosk.stations.models import Counter, Station
from kiosk.stations.queries import counters_of, find_seat, get_counter, pauses_of, unread_of
from kiosk.tickets import actions
from kiosk.tickets.forecast.ahead import PROMISE_MINUTES
from kiosk.tickets.models import Queue, Ticket
from kiosk.tickets.queries import (
    REGRET,
    at_counter,
    carried,
    events_of,
    finished_today,
    held_at,
    missed_today,
    next_window,
    people_at_counters,
    queues_of,
    regretted,
    served_queues,
    waiting_at,
)

SHOWN_WAITING = 30
SHOWN_MISSED = 6


class SeatForm(BaseModel):
    """The counter where somebody sits down."""

    number: Annotated[int, Field(ge=1, le=999)]


class VerbForm(BaseModel):
    """A verb of the desk; `current` is the token of the ticket that the clerk saw, if any."""

    current: Annotated[str, Field(max_length=100)] = ""


@dataclass(frozen=True)
class Meter:
    """A queue against its promise."""

    queue: Queue
    waiting: int
    oldest_minutes: int | None
    promise_minutes: int


def show() -> Response:
    """Show the clerk's counter, or ask which one they take."""
    counter = my_counter()
    if counter is None:
        return _choose()
    return page("desk/show", **_whole(counter))


def window() -> ResponseReturnValue:
    """Show what changes at the counter, for the page that is open already."""
    counter = my_counter()
    return page("desk/_window", **_window(counter)) if counter else to_the_desk()


def sit(body: SeatForm) -> ResponseReturnValue:
    """Take a counter."""
    place = station()
    member = worker().member
    try:
        with transaction():
            counter = get_counter(place, body.number)
            actions.sit_down(counter, member.id, by=actor(), at=clock.now())
    except Refusal as refusal:
        return _choose(refusal)
    return redirect(url_for("admin.desk.show"), 303)


def stand() -> ResponseReturnValue:
    """Leave the counter."""
    with transaction():
        actions.stand_up(worker().member.id, by=actor(), at=clock.now())
    return redirect(url_for("admin.desk.show"), 303)


def call_next(body: VerbForm) -> ResponseReturnValue:
    """Call the first in line; whoever is being served is finished."""
    return act(body, actions.call_next)


def recall(body: VerbForm) -> ResponseReturnValue:
    """Call the same ticket again."""
    return act(body, actions.recall)


def start(body: VerbForm) -> ResponseReturnValue:
    """Begin to serve."""
    return act(body, actions.start)


def finish(body: VerbForm) -> ResponseReturnValue:
    """End the visit."""
    return act(body, actions.finish)


def no_show(body: VerbForm) -> ResponseReturnValue:
    """Note that nobody came."""
    return act(body, actions.no_show)


def resume(body: VerbForm) -> ResponseReturnValue:
    """Go on calling."""
    return act(body, actions.resume)


def act(
    body: VerbForm, verb: Callable[..., Any], more: Callable[[], dict[str, Any]] = dict
) -> ResponseReturnValue:
    """Do what was pressed if the counter is as the clerk saw it, and show how it is then.

    `more` looks up what the action takes besides; what it refuses is shown in words too.
    """
    counter = my_counter()
    if counter is None:
        return to_the_desk()
    at = clock.now()

    def do() -> Answer:
        lock(counter)
        _refuse_other(counter, body.current)
        verb(counter, by=actor(), at=at, **more())
        return Answer(200, {})

    refusal = None
    try:
        once(access.asked(f"{verb.__name__} {body.model_dump_json(exclude={'current'})}"), at, do)
    except Refusal as refused:
        refusal = refused
    if _is_fragment():  # to the open page an error is a verb that did not arrive
        return page("desk/_window", refusal, **_window(counter)), HTTPStatus.OK
    return page("desk/show", refusal, **_whole(counter)) if refusal else to_the_desk()


def _is_fragment() -> bool:
    """Tell whether the page that is open swaps the answer in by itself."""
    return "HX-Request" in request.headers


def to_the_desk() -> ResponseReturnValue:
    """Lead back to the desk, whichever way the page asked."""
    desk = url_for("admin.desk.show")
    return ("", 200, {"HX-Redirect": desk}) if _is_fragment() else redirect(desk, 303)


def _refuse_other(counter: Counter, seen: str) -> None:
    """Refuse a verb for a ticket that is no longer the one at the counter."""
    ticket = at_counter(counter)
    if seen != (ticket.token if ticket else ""):
        raise Refusal("desk.changed", "Your counter changed meanwhile. Look again, then decide.")


def my_counter() -> Counter | None:
    """Return the counter where whoever asks sits."""
    counter = find_seat(worker().member.id)
    return counter if counter is not None and counter.station_id == station().id else None


def _choose(refusal: Refusal | None = None) -> Response:
    place = station()
    counters = counters_of(place)
    names = names_of(counter.member_id for counter in counters)
    rows = [
        {
            "counter": counter,
            "member": names.get(counter.member_id),
            "queues": served_queues(counter),
        }
        for counter in counters
    ]
    return page("desk/choose", refusal, counters=rows)


def _whole(counter: Counter) -> dict[str, Any]:
    """Return what the page shows with its dialogs: where somebody can be sent, too."""
    place = counter.station
    others = [other for other in counters_of(place) if other.id != counter.id]
    goals = [(other, served_queues(other)) for other in others]
    return _window(counter) | {
        "goal_queues": queues_of(place),
        "goal_counters": [(other, queues) for other, queues in goals if queues],
    }


def _regret(counter: Counter) -> dict[str, Any] | None:
    """Return what the last press was, and until when it can be taken back."""
    event = regretted(counter, actor().name, clock.now())
    here = at_counter(counter)
    if event is None or (here is not None and here.id != event.ticket_id):
        return None
    return {"verb": event.verb, "number": event.ticket.number, "until": event.at + REGRET}


def _window(counter: Counter) -> dict[str, Any]:
    ticket = at_counter(counter)
    service = ticket.service if ticket else None
    waiting = waiting_at(counter)
    queues = served_queues(counter)
    return {
        "counter": counter,
        "ticket": ticket,
        **_chain(ticket),
        "timeline": _timeline(ticket) if ticket else [],
        "waiting": waiting[:SHOWN_WAITING],
        "booked": booked_times([row.id for row in (*waiting[:SHOWN_WAITING], ticket) if row]),
        "printers": [p for p in printers_of(counter.station).values() if p.needs_somebody],
        "total": len(waiting),
        "meters": [_meter(queue, waiting) for queue in queues],
        "held": held_at(counter),
        "missed": missed_today(queues)[:SHOWN_MISSED],
        "regret": _regret(counter),
        "guide": published_guide(service, clock.now()) if service else None,
        "messages": unread_of(counter.station, counter),
        "colleagues": [row for row in people(counter.station) if row["counter"].id != counter.id],
        "today": finished_today(counter),
        "day": my_day(counter.station, worker().member.id, clock.now()),
        "wall": wall,
        "promise": PROMISE_MINUTES,
    }


def _chain(ticket: Ticket | None) -> dict[str, Any]:
    """Return where somebody with several services goes on, and the codes of what is done."""
    if ticket is None or not ticket.services:
        return {"following": None, "done": ()}
    services = carried(ticket.id, ticket.queue.station_id)
    return {
        "following": next_window(ticket, clock.now()),
        "done": {one.service.code for one in services if one.done_at},
    }


def people(place: Station) -> list[dict[str, Any]]:
    """Return every counter of a station with who sits there and whom they have."""
    at_counters = people_at_counters(place)
    counters = counters_of(place)
    names = names_of(counter.member_id for counter in counters)
    pauses = pauses_of(place)
    due = due_now(place, clock.now())
    rows = []
    for counter in counters:
        ticket = at_counters.get(counter.id)
        rows.append(
            {
                "counter": counter,
                "member": names.get(counter.member_id),
                "state": _state(counter, ticket),
                "number": ticket.number if ticket else None,
                "reason": pauses.get(counter.id, ""),
                "due": due.get(counter.number),
                "since": (ticket.started_at or ticket.called_at) if ticket else counter.paused_at,
            }
        )
    return rows


def _state(counter: Counter, ticket: Ticket | None) -> str:
    if ticket is not None:
        return ticket.state.value
    if counter.is_paused:
        return "paused"
    return "idle" if counter.member_id else "empty"


def _meter(queue: Queue, waiting: list[Ticket]) -> Meter:
    issued = [ticket.issued_at for ticket in waiting if ticket.queue_id == queue.id]
    oldest = (clock.now() - min(issued)) // timedelta(minutes=1) if issued else None
    return Meter(queue, len(issued), oldest, PROMISE_MINUTES)


def _timeline(ticket: Ticket) -> list[dict[str, Any]]:
    return [
        {
            "at": event.at,
            "verb": event.verb,
            "counter": event.counter.number if event.counter else None,
            "detail": event.reason,
        }
        for event in events_of(ticket)
    ]
