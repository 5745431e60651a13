"""What a clerk does at the window besides calling and serving in turn."""

from typing import Annotated

from flask import Response
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field, StringConstraints

from admin.access import page, station
from admin.desk import VerbForm, act, my_counter, to_the_desk
from kiosk.catalog.queries import get_service
from kiosk.catalog.search import search
from kiosk.stations.models import Counter
from kiosk.stations.queries import get_counter
from kiosk.tickets import actions
from kiosk.tickets.models import Outcome, Queue
from kiosk.tickets.queries import (
    get_queue,
    get_ticket,
    held_at,
    missed_today,
    served_queues,
    waiting_at,
)

SHOWN_SERVICES = 8
SHOWN_PEOPLE = 200

Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class CallForm(VerbForm):
    """Whom to call: the token of a ticket."""

    ticket: Word


class GoalForm(VerbForm):
    """Where to send somebody: `queue:B` or `counter:2`."""

    to: Annotated[Word, Field(pattern=r"^(queue:[A-Z]|counter:\d{1,3})$")]


class AddForm(VerbForm):
    """One more service for the ticket, by its code."""

    service: Word


class SearchForm(BaseModel):
    """What is typed to find a service."""

    q: Word = ""


class OutcomeForm(VerbForm):
    """How a visit ended."""

    outcome: Outcome


class PauseForm(VerbForm):
    """Why nobody is called here for now."""

    reason: Word = ""


def hold(body: VerbForm) -> ResponseReturnValue:
    """Park the ticket: it keeps its place, and nobody calls it by accident."""
    return act(body, actions.hold)


def undo(body: VerbForm) -> ResponseReturnValue:
    """Take back the last press."""
    return act(body, actions.undo)


def call(body: CallForm) -> ResponseReturnValue:
    """Call this one: parked, missed, or out of turn."""
    return act(body, actions.call, lambda: {"ticket": get_ticket(body.ticket)})


def transfer(body: GoalForm) -> ResponseReturnValue:
    """Send the visitor on to a queue or to a counter."""
    return act(body, actions.transfer, lambda: _goal(body.to))


def _goal(to: str) -> dict[str, Queue | Counter]:
    kind, _, key = to.partition(":")
    if kind == "queue":
        return {"queue": get_queue(station(), key)}
    return {"to": get_counter(station(), int(key))}


def add_service(body: AddForm) -> ResponseReturnValue:
    """Do one more service under the same number."""
    return act(body, actions.add_service, lambda: {"service": get_service(body.service)})


def finish(body: OutcomeForm) -> ResponseReturnValue:
    """End the visit, and note how it ended."""
    return act(body, actions.finish, lambda: {"outcome": body.outcome})


def pause(body: PauseForm) -> ResponseReturnValue:
    """Call nobody here for now, and say why."""
    return act(body, actions.pause, lambda: {"reason": body.reason})


def services(query: SearchForm) -> Response:
    """List the services that fit what is typed, to add one to the ticket."""
    hits = search(query.q, station().id)[:SHOWN_SERVICES] if query.q else []
    return page("desk/_services", services=[hit.service for hit in hits], q=query.q)


def people() -> ResponseReturnValue:
    """List everybody who can be called here out of turn."""
    counter = my_counter()
    if counter is None:
        return to_the_desk()
    missed = missed_today(served_queues(counter))
    rows = [*held_at(counter), *missed, *waiting_at(counter)]
    return page("desk/_people", people=rows[:SHOWN_PEOPLE])
