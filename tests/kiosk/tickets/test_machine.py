"""All verbs in any order, by several clerks and visitors: what must hold after each of them."""

from collections import Counter as Tally
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from hypothesis import strategies as some
from hypothesis.stateful import invariant, rule
from sqlalchemy import delete, select

from kiosk.actor import Actor
from kiosk.catalog.queries import services_by_code
from kiosk.db import session, transaction
from kiosk.tickets import actions
from kiosk.tickets.models import (
    AT_COUNTER,
    MissedRule,
    Outcome,
    Priority,
    QueueDay,
    Ticket,
    TicketEvent,
    TicketService,
    TicketState,
)
from kiosk.tickets.queries import Line, carried
from tests.cast import Cast
from tests.kiosk import machines

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

QUOTA = 7
LETTERS = some.sampled_from("AB")
WINDOWS = some.sampled_from([1, 2, 3])
PICKED = some.integers(0, 9)
VISITOR = Actor("visitor", "visitor")
AT_WINDOW: Mapping[str, Callable[..., Ticket]] = {
    "recall": actions.recall,
    "start": actions.start,
    "finish": actions.finish,
    "no_show": actions.no_show,
    "hold": actions.hold,
    "undo": actions.undo,
}
WISHES: Mapping[str, Callable[..., Ticket]] = {
    "cancel": actions.cancel,
    "postpone": actions.postpone,
    "rejoin": actions.rejoin,
}


class Hall(machines.Machine):
    """A hall on one morning: two queues, three windows, a clerk at each."""

    cast: Cast
    STEP = timedelta(seconds=20)

    def __init__(self) -> None:
        super().__init__()
        with transaction():
            for table in (TicketEvent, TicketService, Ticket, QueueDay):
                session.execute(delete(table))
            self.cast.queue("A").daily_quota = QUOTA
            self.cast.queue("B").missed_rule = MissedRule.CALLS
            self.cast.queue("B").missed_limit = 2
            self.counters = {number: self.cast.counter(number) for number in (1, 2, 3)}
        self.tickets: list[str] = []

    def ticket(self, picked: int) -> Ticket | None:
        if not self.tickets:
            return None
        return self.cast.ticket(self.tickets[picked % len(self.tickets)])

    @rule(minutes=some.sampled_from([1, 5, 16, 31]))
    def time_passes(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))

    @rule(letter=LETTERS, priority=some.sampled_from([None, None, Priority.ELDERLY]))
    def take(self, letter: str, priority: Priority | None) -> None:
        line = Line(self.cast.queue(letter).id, letter)
        station = self.cast.station
        token = self.do(actions.issue, station, line, None, by=VISITOR, priority=priority)
        self.tickets += [token] if token else []

    @rule()
    def take_for_two_windows(self) -> None:
        """Take one number for a service of queue A and one of queue B."""
        line = Line(self.cast.queue("A").id, "A")
        services = services_by_code(["DJ-0101", "SB-0301"])
        issue, station = actions.issue, self.cast.station
        token = self.do(issue, station, line, services[0], by=VISITOR, together=services)
        self.tickets += [token] if token else []

    @rule(number=WINDOWS)
    def call_next(self, number: int) -> None:
        called = self.do(actions.call_next, self.counters[number], by=self.clerk(number))
        if called is not None:
            self.nobody_was_overtaken(called)

    @rule(number=WINDOWS)
    def serve(self, number: int) -> None:
        """Serve the next one to the end, as most visits go."""
        self.call_next(number)
        for verb in ("start", "finish"):
            self.at_window(number, verb)

    def nobody_was_overtaken(self, called: Ticket) -> None:
        """Check that nobody plain who came well before still waits in this queue."""
        if called.for_counter_id or called.origin_id != called.queue_id:
            return
        patience = timedelta(minutes=self.cast.station.priority_minutes)
        for other in session.scalars(
            select(Ticket).where(
                Ticket.queue_id == called.queue_id,
                Ticket.state == TicketState.WAITING,
                Ticket.for_counter_id.is_(None),
                Ticket.postponed == 0,
                Ticket.rejoined == 0,
            )
        ):
            assert called.due_at <= other.due_at
            if not called.rejoined:
                assert called.issued_at - other.issued_at <= patience

    @rule(number=WINDOWS, verb=some.sampled_from(sorted(AT_WINDOW)))
    def at_window(self, number: int, verb: str) -> None:
        self.do(AT_WINDOW[verb], self.counters[number], by=self.clerk(number))

    @rule(number=WINDOWS)
    def finish_unfinished(self, number: int) -> None:
        by = self.clerk(number)
        self.do(actions.finish, self.counters[number], by=by, outcome=Outcome.INCOMPLETE)

    @rule(number=WINDOWS, picked=PICKED)
    def call_this(self, number: int, picked: int) -> None:
        if ticket := self.ticket(picked):
            self.do(actions.call, self.counters[number], ticket, by=self.clerk(number))

    @rule(number=WINDOWS, letter=LETTERS)
    def send_to_queue(self, number: int, letter: str) -> None:
        queue = self.cast.queue(letter)
        self.do(actions.transfer, self.counters[number], by=self.clerk(number), queue=queue)

    @rule(number=WINDOWS, to=WINDOWS)
    def send_to_counter(self, number: int, to: int) -> None:
        goal = self.counters[to]
        self.do(actions.transfer, self.counters[number], by=self.clerk(number), to=goal)

    @rule(wish=some.sampled_from(sorted(WISHES)), picked=PICKED)
    def visitor_wishes(self, wish: str, picked: int) -> None:
        if ticket := self.ticket(picked):
            self.do(WISHES[wish], ticket, by=VISITOR)

    def clerk(self, number: int) -> Actor:
        return Actor(f"member:{number}", "clerk")

    @invariant()
    def tickets_are_in_one_place(self) -> None:
        session.expire_all()
        tickets = session.scalars(select(Ticket)).all()
        numbers = Tally((ticket.letter, ticket.seq) for ticket in tickets)
        places = Tally(ticket.counter_id for ticket in tickets if ticket.state in AT_COUNTER)
        assert max([0, *numbers.values(), *places.values()]) <= 1
        for ticket in tickets:
            if ticket.state in AT_COUNTER:
                assert ticket.counter_id
                assert ticket.calls >= 1
            if ticket.state is TicketState.WAITING:
                assert ticket.counter_id is None
            over = ticket.state in (
                TicketState.FINISHED,
                TicketState.NO_SHOW,
                TicketState.CANCELLED,
            )
            assert (ticket.ended_at is not None) == over, ticket.state
            assert (ticket.started_at is not None) or ticket.state is not TicketState.SERVING
        seqs = sorted(ticket.seq for ticket in tickets if ticket.letter == "A")
        assert seqs == list(range(1, len(seqs) + 1))
        assert len(seqs) <= QUOTA

    @invariant()
    def visits_end_when_everything_is_done(self) -> None:
        """Check what is done of several services against where the ticket is."""
        for ticket in session.scalars(select(Ticket).where(Ticket.services.any())):
            services = carried(ticket.id, self.cast.station.id)
            done = [one.done_at is not None for one in services]
            assert done == sorted(done, reverse=True)
            assert ticket.outcome or all(done) == (ticket.state is TicketState.FINISHED)
            if ticket.service and not all(done):
                assert ticket.service.code == services[sum(done)].service.code

    @invariant()
    def events_tell_the_same_story(self) -> None:
        told: dict[int, list[TicketEvent]] = {}
        for event in session.scalars(select(TicketEvent).order_by(TicketEvent.id)):
            told.setdefault(event.ticket_id, []).append(event)
        for ticket in session.scalars(select(Ticket)):
            events = told[ticket.id]
            assert [event.verb for event in events].count("issue") == 1
            assert events[0].from_state is None
            assert events[-1].to_state is ticket.state
            assert events[-1].queue_id == ticket.queue_id
            for before, after in pairwise(events):
                assert before.at <= after.at
                assert after.from_state is before.to_state


def test_any_order_of_verbs(cast: Cast, clock: time_machine.Traveller) -> None:
    machines.run(Hall, cast=cast, clock=clock)
