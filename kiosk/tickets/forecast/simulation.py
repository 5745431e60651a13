"""Plays the hall forward, many times, under the station's rules, and notes who is called when."""

import math
from bisect import bisect_right, insort
from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from random import Random

from kiosk.tickets.forecast.habits import SLOT
from kiosk.tickets.forecast.hall import Doing, Visitor
from kiosk.tickets.forecast.pools import Strata, beyond
from kiosk.tickets.forecast.scene import NEVER, Desk, Kind, Scene, Waiter

_WAITS = (120, 600, 1200, 2400)
_LONG_IDLE = 600
# So many steps are about two milliseconds.
PART = 300
# Somebody who comes or is sent on: time, order, queue, kind, issued (0: comes now).
Comer = tuple[float, int, str, Kind, int]


class Simulation:
    """Rounds of the future from one scene; `rounds` times per watched visitor."""

    def __init__(self, scene: Scene, random: Random) -> None:
        self.scene = scene
        self.random = random
        self.chance = random.random
        # One for the day, two for each counter: its pace, and how long the visit there goes on.
        self.strata = Strata(random, 1 + 2 * len(scene.desks))
        known = scene.known
        self.after_visit = known.habits.after_visit.values
        self.came = known.visitors.came.values
        self.void = known.visitors.void.values
        self.rests = known.visits.rests
        self.any_rest = known.visits.any_rest
        self.found: list[list[float]] = [[] for _ in range(scene.watched)]

    def run(self, rounds: int) -> list[list[float]]:
        """Return for each watched visitor the epoch seconds at which they were called."""
        for played in range(1, rounds + 1):
            Round(self).play()
            for times in self.found:
                if len(times) < played:
                    times.append(self.scene.at_last)
        return self.found


class Round:
    """One round: the counters' next free moments in a heap, the lines, and who is to come."""

    STEPS = 3000

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        scene = self.scene = simulation.scene
        self.chance = simulation.chance
        self.lines = [line.copy() for line in scene.lines]
        self.order = 10**9
        day, *chances = simulation.strata.draw()
        self.chances = chances[len(scene.desks) :]
        pace = scene.pace.draw(day)
        self.factors = [
            math.exp(pace + desk.pace.draw(chance))
            for desk, chance in zip(scene.desks, chances, strict=False)
        ]
        self.last = [float(scene.now)] * len(scene.desks)
        self.breaks = [desk.breaks for desk in scene.desks]
        self.idle: list[int] = []
        self.coming: list[Comer] = []
        self.left = scene.watched
        self.guests = {line: (key, mark) for line, key, mark in scene.guests}
        self.crowd = math.exp(simulation.random.gauss(0, scene.crowd_spread))
        self.reserves: dict[int, float] = {}
        self.heap = [
            (time, number)
            for number, desk in enumerate(scene.desks)
            if (time := self._ready(number, desk)) < NEVER
        ]
        heapify(self.heap)
        if scene.goes_on:
            self._expect(float(scene.now))

    def play(self) -> None:
        """Go on until every watched visitor is called, or nothing more happens."""
        for _ in self.parts():
            pass

    def parts(self) -> Iterator[None]:
        """Go on likewise, and give way after every few hundred steps."""
        heap, coming = self.heap, self.coming
        now = float(self.scene.now)
        for step in range(1, self.STEPS + 1):
            if step % PART == 0:
                yield
            if coming and (not heap or coming[0][0] <= heap[0][0]):
                self._arrive(heappop(coming))
                continue
            if not heap:
                break
            time, number = heappop(heap)
            if self.reserves:
                self._open_reserves(time - now)
                now = time
            if not self._goes_away(time, number):
                self._call(time, number)
                if not self.left:
                    return

    def _ready(self, number: int, desk: Desk) -> float:
        """Return when a counter may call next, given what it does now."""
        scene, window, habits = self.scene, desk.window, self.scene.known.habits
        elapsed = scene.now - window.since
        if window.visitor is not None and window.doing is Doing.SERVING:
            self.last[number] = window.started
            return self._served(number, window.visitor, window.started, elapsed)
        if window.visitor is not None and window.doing is Doing.CALLED:
            self.last[number] = window.called
            return self._after_call(number, desk, window.visitor, elapsed)
        if window.is_open:
            return self._after_idling(number, desk)
        until = scene.away_until(desk, self.chance())
        if until == NEVER and desk.is_reserve and window.doing is Doing.CLOSED:
            self.reserves[number] = -math.log(1 - self.chance())
        if until < NEVER:
            self.last[number] = until
            until += habits.after_opening.draw(self.chance())
        return until

    def _after_call(self, number: int, desk: Desk, visitor: Visitor, elapsed: float) -> float:
        window, known = desk.window, self.scene.known.visitors
        came, void = self.simulation.came, self.simulation.void
        still = 1 - bisect_right(came, elapsed) / len(came)
        share = known.miss_share(window.called - visitor.joined)
        missed = share / (share + (1 - share) * still + 1e-9)
        if self.chance() < missed:
            return window.called + beyond(void, elapsed, self.chance()) + self._moment()
        return self._served(
            number, visitor, window.called + beyond(came, elapsed, self.chance()), 0
        )

    def _served(self, number: int, visitor: Visitor, started: float, elapsed: float) -> float:
        """Return when the counter is free again of the visitor it has now."""
        kind = visitor.service, visitor.priority
        end = started + self._visit(number, kind, elapsed, self.chances[number])
        if self.scene.goes_on:
            self._send_on(kind, visitor.issued, end)
        return end

    def _after_idling(self, number: int, desk: Desk) -> float:
        scene, habits = self.scene, self.scene.known.habits
        window = desk.window
        self.last[number] = window.since
        heads = [self.lines[line][-1] for line, _, _ in desk.lines if self.lines[line]]
        if not heads and any(line in self.guests for line, _, _ in desk.lines):
            return scene.now + habits.pick_up.draw(self.chance())
        if not heads:
            self.idle.append(number)
            return NEVER
        joined = min(head[5] for head in heads)
        if joined > window.free:
            return joined + habits.pick_up.beyond(scene.now - joined, self.chance())
        pool = habits.after_opening if window.is_fresh else habits.after_visit
        return window.free + pool.beyond(scene.now - window.free, self.chance())

    def _visit(self, number: int, kind: Kind, elapsed: float, chance: float) -> float:
        """Return the length of a visit that lasts longer than `elapsed`, and the moment after."""
        scale = self.scene.desks[number].scales[kind] * self.factors[number]
        rests = self.simulation.rests.get(kind[0], self.simulation.any_rest)
        if elapsed > 0:
            return scale * beyond(rests, elapsed / scale, chance, grace=0.0) + self._moment()
        return scale * rests[int(chance * len(rests))] + self._moment()

    def _moment(self) -> float:
        moments = self.simulation.after_visit
        return moments[int(self.chance() * len(moments))]

    def _goes_away(self, time: float, number: int) -> bool:
        """Let the counter take a break, pause or close instead of calling; tell whether it does."""
        scene, desk = self.scene, self.scene.desks[number]
        passed, self.last[number] = time - self.last[number], time
        breaks = self.breaks[number]
        if breaks and time >= breaks[0][0]:
            self.breaks[number] = breaks[1:]
            start = max(time - passed, breaks[0][0]) if passed > _LONG_IDLE else time
            length = scene.known.habits.break_length(
                breaks[0][1], start - scene.midnight, self.chance()
            )
            back = start + length
            if back > time:
                self.last[number] = back
                heappush(self.heap, (back, number))
                return True
        if time >= desk.closes:
            return not desk.is_last
        slot = int(time - scene.midnight) // SLOT
        rate = desk.pause_rates.get(slot) or desk.pause_rates[-1]
        if self.chance() < rate * passed:
            back = time + scene.pause_length(desk, time, self.chance())
            self.last[number] = back
            heappush(self.heap, (back, number))
            return True
        return desk.is_reserve and self._reserve_leaves(desk)

    def _reserve_leaves(self, desk: Desk) -> bool:
        waiting = sum(len(self.lines[line]) for line, _, _ in desk.lines)
        return self.chance() < self.scene.known.habits.leaving_share(waiting)

    def _call(self, time: float, number: int) -> None:
        desk = self.scene.desks[number]
        visitor = self._next(time, desk)
        if visitor is None or not self.left:
            self.idle.append(number)
            return
        if visitor[6] >= 0:
            self.simulation.found[visitor[6]].append(time)
            self.left -= 1
            if not self.left:
                return
        group = bisect_right(_WAITS, time - visitor[5])
        if self.chance() < self.scene.miss_shares[group]:
            void = self.simulation.void
            end = time + void[int(self.chance() * len(void))] + self._moment()
        else:
            came = self.simulation.came
            end = time + came[int(self.chance() * len(came))]
            end += self._visit(number, visitor[3], 0, self.chance())
            if self.scene.goes_on:
                self._send_on(visitor[3], visitor[4], end)
        heappush(self.heap, (end, number))

    def _next(self, time: float, desk: Desk) -> Waiter | None:
        """Take the next visitor in line out of it, passing over those who gave up."""
        scene, lines = self.scene, self.lines
        while True:
            best, least = -1, NEVER
            for line, offset, _ in desk.lines:
                waiting = lines[line]
                if waiting:
                    key = waiting[-1][0] + offset
                    if key < least:
                        best, least = line, key
            if self.guests:
                self._welcome(time, desk, least)
            if best < 0:
                return None
            waiting = lines[best]
            if len(waiting) > 1 and self.chance() < scene.passing_share:
                passed = scene.known.visitors.passed
                ahead = passed[int(self.chance() * len(passed))]
                visitor = waiting.pop(max(-1 - ahead, -len(waiting)))
            else:
                visitor = waiting.pop()
            if visitor[6] >= 0:
                return visitor
            if self.chance() < self._stays(visitor[5], time):
                return visitor

    def _welcome(self, time: float, desk: Desk, least: float) -> None:
        """Note who of the guests would be called now: nobody in line comes before them."""
        for line, offset, _ in desk.lines:
            if line in self.guests and self.guests[line][0] + offset < least:
                self.simulation.found[self.guests.pop(line)[1]].append(time)
                self.left -= 1

    def _stays(self, joined: float, time: float) -> float:
        """Return how likely it is that somebody who waits now, or comes, has not given up."""
        impatience = self.scene.impatience
        waited = time - joined
        before, rate = impatience[bisect_right(_WAITS, waited)]
        hazard = before + rate * waited
        if joined < self.scene.now:
            waited = self.scene.now - joined
            before, rate = impatience[bisect_right(_WAITS, waited)]
            hazard -= before + rate * waited
        return math.exp(-hazard)

    def _open_reserves(self, passed: float) -> None:
        for number in list(self.reserves):
            desk = self.scene.desks[number]
            waiting = sum(len(self.lines[line]) for line, _, _ in desk.lines)
            self.reserves[number] -= passed * self.scene.known.habits.opening_rate(waiting)
            if self.reserves[number] <= 0:
                del self.reserves[number]
                time = self.heap[0][0] if self.heap else self.scene.now + passed
                self.last[number] = time
                heappush(self.heap, (time, number))

    def _expect(self, time: float) -> None:
        """Draw who comes next after `time`, half hour by half hour."""
        scene = self.scene
        end = scene.midnight + scene.rules.issue_until
        time = max(time, scene.midnight + scene.rules.issue_from)
        while time < end:
            second = time - scene.midnight
            rate, kinds = scene.arrivals(int(second) // SLOT)
            rate *= self.crowd
            until = scene.midnight + (int(second) // SLOT + 1) * SLOT
            if rate > 0:
                time -= math.log(1 - self.chance()) / rate
                if time < min(until, end):
                    queue, service, priority = kinds[int(self.chance() * len(kinds))]
                    self.order += 1
                    comer = (time, self.order, queue, (service, priority), 0)
                    heappush(self.coming, comer)
                    return
            time = until

    def _send_on(self, kind: Kind, issued: int, time: float) -> None:
        visitors = self.scene.known.visitors
        if self.chance() < self.scene.sent_on_shares[kind[0]]:
            targets = visitors.sent_on[kind[0]]
            queue, service = targets[int(self.chance() * len(targets))]
            self.order += 1
            comer = (time - 1, self.order, queue, (service, kind[1]), issued)
            heappush(self.coming, comer)

    def _arrive(self, comer: Comer) -> None:
        time, order, queue, kind, issued = comer
        rules = self.scene.rules
        if issued:
            key = rules.transfer_key(queue, int(time), issued, priority=kind[1])
        else:
            key = rules.key(queue, int(time), priority=kind[1])
            issued = int(time)
            self._expect(time)
        line = self.scene.index[queue]
        waiter = (key, order, line, kind, issued, time, -1)
        insort(self.lines[line], waiter, key=_backwards)
        for number in self.idle:
            if any(served == line for served, _, _ in self.scene.desks[number].lines):
                self.idle.remove(number)
                wake = time + self.scene.known.habits.pick_up.draw(self.chance())
                heappush(self.heap, (wake, number))
                return


def _backwards(waiter: Waiter) -> tuple[float, int]:
    return -waiter[0], -waiter[1]
