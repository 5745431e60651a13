"""Tickets and counters for programs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from typing_extensions import TypedDict

from kiosk import access, clock
from kiosk.catalog.models import Service
from kiosk.catalog.queries import get_bundle, get_current, get_service, services_by_code
from kiosk.idempotency import Answer, once
from kiosk.pages import public_url
from kiosk.stations.models import Counter
from kiosk.stations.queries import Place, get_counter, get_station
from kiosk.tickets import actions, snapshots
from kiosk.tickets.forms import CallForm, FinishForm, ServiceForm, TakeForm, TransferForm
from kiosk.tickets.models import Ticket
from kiosk.tickets.queries import (
    Line,
    at_counter,
    find_held,
    find_line,
    get_queue,
    get_ticket,
    served_queues,
)


class WaitAnswer(TypedDict):
    """A range of minutes."""

    low_minutes: int
    high_minutes: int


class MissedRuleAnswer(TypedDict):
    """How long who is missed may come back: `void`, or for so many `calls` or `minutes`."""

    rule: str
    limit: int


class StepAnswer(TypedDict):
    """The services of a ticket that are done in one queue, and whether they are."""

    queue: str
    queue_name_zh: str
    queue_name_en: str
    services: list[str]
    is_done: bool


class TicketAnswer(TypedDict):
    """What everybody who has the token may know of a ticket."""

    number: str
    token: str
    state: str
    queue: str
    queue_name_zh: str
    queue_name_en: str
    service: str | None
    service_zh: str | None
    service_en: str | None
    services: list[str]
    steps: list[StepAnswer]
    ahead: int | None
    wait: WaitAnswer | None
    is_promise: bool
    reason: str | None
    counter: int | None
    for_counter: int | None
    issued_at: str
    called_at: str | None
    calls: int
    last_called: str | None
    may_postpone: bool
    postpones_left: int
    may_rejoin: bool
    kept_until: str | None
    missed_rule: MissedRuleAnswer
    outcome: str | None
    url: str
    at: str


class CounterAnswer(TypedDict):
    """A counter and who is at it; `ticket` is null when nobody is."""

    counter: int
    state: str
    queues: list[str]
    ticket: TicketAnswer | None


def take(station: str, body: TakeForm, also: Callable[[str], None] | None = None) -> Answer:
    """Take a number. The same Idempotency-Key gives the same ticket.

    A phone that holds one of this queue gets that again, with 200 instead of 201. `also` is done
    with a new token in the same transaction.
    """
    at = clock.now()
    place = access.place(station)
    by = access.actor()
    holder, too_many = access.holder(), access.pace(place)

    def act() -> Answer:
        line, service, together = _wanted(place, body, at)
        day = clock.day_at(at, place.timezone)
        if holder and (held := find_held(holder, line.id, day)):
            return Answer(200, _public(held))
        if too_many:
            raise too_many
        token = actions.issue(
            place,
            line,
            service,
            together=together,
            priority=body.priority,
            holder=holder,
            by=by,
            at=at,
        )
        if also is not None:
            also(token)
        return Answer(201, _public(token))

    return once(access.asked(body.model_dump_json()), at, act)


def _wanted(
    place: Place, body: TakeForm, at: datetime
) -> tuple[Line, Service | None, list[Service]]:
    """Return the line somebody will stand in, for which service, and all that they will do."""
    if body.bundle:
        named = services_by_code(get_bundle(body.bundle).services)
        together = [service for service in named if service.is_current(at)]
        return *actions.first_of(place, together, at=at), together
    if body.service:
        service = get_current(body.service, at)
        return actions.line_for(place, service, at=at), service, []
    return find_line(place, body.queue or ""), None, []


def show(token: str) -> dict[str, Any]:
    """Return a ticket's public snapshot."""
    return _public(token)


def cancel(token: str) -> Answer:
    """Give a ticket back. Its token is the right to do so."""
    return _wish(token, actions.cancel)


def postpone(token: str) -> Answer:
    """Let the next three go first."""
    return _wish(token, actions.postpone)


def rejoin(token: str) -> Answer:
    """Come back into the line after having been missed."""
    return _wish(token, actions.rejoin)


def _wish(token: str, verb: Any) -> Answer:  # noqa: ANN401 - one of the actions
    at = clock.now()

    def act() -> Answer:
        verb(get_ticket(token), by=access.actor(), at=at)
        return Answer(200, _public(token))

    return once(access.asked(verb.__name__), at, act)


def call_next(station: str, counter: int) -> Answer:
    """Call the first in line; `ticket` is null when nobody waits."""
    return _at(station, counter, actions.call_next)


def recall(station: str, counter: int) -> Answer:
    """Call the same ticket once more."""
    return _at(station, counter, actions.recall)


def start(station: str, counter: int) -> Answer:
    """Begin to serve who was called."""
    return _at(station, counter, actions.start)


def finish(station: str, counter: int, body: FinishForm) -> Answer:
    """End the visit; without an outcome, services of other queues go on to their window."""
    return _at(station, counter, actions.finish, body, outcome=body.outcome)


def no_show(station: str, counter: int) -> Answer:
    """Note that nobody came."""
    return _at(station, counter, actions.no_show)


def hold(station: str, counter: int) -> Answer:
    """Park the ticket at the counter; `call` brings it back."""
    return _at(station, counter, actions.hold)


def call(station: str, counter: int, body: CallForm) -> Answer:
    """Call this ticket: parked, missed, or out of turn."""
    return _at(station, counter, actions.call, body, ticket=get_ticket(body.ticket))


def transfer(station: str, counter: int, body: TransferForm) -> Answer:
    """Send the visitor on to a queue or to a counter; number and seniority stay."""
    place = get_station(station)
    queue = get_queue(place, body.queue) if body.queue else None
    to = get_counter(place, body.counter) if body.counter is not None else None
    return _at(station, counter, actions.transfer, body, queue=queue, to=to)


def add_service(station: str, counter: int, body: ServiceForm) -> Answer:
    """Do one more service under the same number."""
    return _at(station, counter, actions.add_service, body, service=get_service(body.service))


def undo(station: str, counter: int) -> Answer:
    """Take back the last thing done here within the last minute."""
    return _at(station, counter, actions.undo)


def pause(station: str, counter: int) -> Answer:
    """Call nobody to this counter until it goes on."""
    return _at(station, counter, actions.pause)


def resume(station: str, counter: int) -> Answer:
    """Go on calling to this counter."""
    return _at(station, counter, actions.resume)


def _at(
    station: str,
    counter: int,
    verb: Any,  # noqa: ANN401 - one of the actions
    body: BaseModel | None = None,
    **more: Any,  # noqa: ANN401 - what that action takes
) -> Answer:
    at = clock.now()
    by = access.actor()
    window = get_counter(get_station(station), counter)

    def act() -> Answer:
        verb(window, by=by, at=at, **more)
        return Answer(200, counter_answer(window))

    what = body.model_dump_json(exclude_none=True) if body else ""
    return once(access.asked(verb.__name__ + what), at, act)


def counter_answer(counter: Counter) -> dict[str, Any]:
    """Return a counter's snapshot for those who work there."""
    ticket: Ticket | None = at_counter(counter)
    state = ticket.state.value if ticket else ("paused" if counter.is_paused else "idle")
    return {
        "counter": counter.number,
        "state": state,
        "queues": [queue.letter for queue in served_queues(counter)],
        "ticket": _public(ticket.token) if ticket else None,
    }


def _public(token: str) -> dict[str, Any]:
    _station, data = snapshots.ticket(token)
    return data | {"url": public_url(data["url"])}
