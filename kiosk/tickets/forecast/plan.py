"""The station file: queues, counters, rota and rules, as the manager set them down."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ORDERS = ("oldest", "preference")
PRIORITIES = ("none", "strict", "ageing")
PLACES = ("end", "issue_time", "front")
MINUTE = 60
DAY = 86_400
# Far beyond any time of issue, so that strict priority and a place in front always come first.
STRICT = 1e12
FRONT = 1e11
Key = TypeVar("Key")


class PlanError(ValueError):
    """The station file cannot be used; says why."""


@dataclass(frozen=True)
class Break:
    """A break of the rota, in seconds since midnight."""

    start: int
    end: int


@dataclass(frozen=True)
class Shift:
    """A counter's working time on a weekday, in seconds since midnight."""

    start: int
    end: int
    breaks: tuple[Break, ...]


@dataclass(frozen=True)
class Rules:
    """In which order visitors are called."""

    order: str
    priority: str
    head_start: int
    appointment_queue: str
    appointment_head_start: int
    place: str
    calls: int
    recall_after: int
    issue_from: int
    issue_until: int

    def key(self, queue: str, time: int, *, priority: bool) -> float:
        """Return where a ticket issued at `time` stands in line: lower comes first."""
        key = float(time)
        if queue == self.appointment_queue:
            key -= self.appointment_head_start
        if priority and self.priority == "ageing":
            key -= self.head_start
        return key - STRICT if priority and self.priority == "strict" else key

    def transfer_key(self, queue: str, time: int, issued: int, *, priority: bool) -> float:
        """Return where a ticket transferred at `time` stands in its new line."""
        if self.place == "issue_time":
            return self.key(queue, issued, priority=priority)
        strict = STRICT if priority and self.priority == "strict" else 0
        return time - strict - (FRONT if self.place == "front" else 0)

    @property
    def lets_pass(self) -> bool:
        """Whether somebody who comes later may be called earlier."""
        return (
            self.order == "preference"
            or self.priority != "none"
            or bool(self.appointment_queue)
            or self.place != "end"
        )


@dataclass(frozen=True)
class Day:
    """One local day: its date and the epoch second of its midnight."""

    date: date
    midnight: int

    @property
    def ordinal(self) -> int:
        """Days since year 1."""
        return self.date.toordinal()


@dataclass(frozen=True)
class Plan:
    """Everything that the station file says."""

    zone: ZoneInfo
    queues: tuple[str, ...]
    services: frozenset[str]
    counters: Mapping[int, tuple[str, ...]]
    rota: Mapping[int, Mapping[int, tuple[Shift, ...]]]
    changes: Mapping[date, Mapping[int, tuple[Shift, ...]]]
    closed: frozenset[date]
    rules: Rules

    def day_of(self, time: int) -> Day:
        """Return the local day of an epoch second."""
        local = datetime.fromtimestamp(time, self.zone)
        midnight = datetime(local.year, local.month, local.day, tzinfo=self.zone)
        return Day(local.date(), int(midnight.astimezone(UTC).timestamp()))

    def shifts(self, day: date) -> Mapping[int, tuple[Shift, ...]]:
        """Return who should work on a day, by counter."""
        if day in self.closed:
            return {}
        planned = {**self.rota.get(day.isoweekday(), {}), **self.changes.get(day, {})}
        return {counter: shifts for counter, shifts in planned.items() if shifts}


def read_plan(text: str) -> Plan:
    """Read a station file; refuse what is missing or makes no sense."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise PlanError(f"not JSON: {error}") from error
    try:
        return plan_of(_mapping(data))
    except KeyError as error:
        raise PlanError(f"{error.args[0]} is missing") from error
    except (TypeError, AttributeError) as error:
        raise PlanError(f"a value is of the wrong kind: {error}") from error


def plan_of(data: Mapping[str, Any]) -> Plan:
    """Return the plan that a station file holds; what is missing is a KeyError."""
    queues = tuple(str(queue["code"]) for queue in data["queues"])
    if not queues:
        raise PlanError("queues is empty")
    counters = {
        int(counter["number"]): tuple(map(str, counter["queues"])) for counter in data["counters"]
    }
    unknown = {queue for served in counters.values() for queue in served} - set(queues)
    if unknown:
        raise PlanError(f"counters: unknown queue {min(unknown)}")
    return Plan(
        zone=_zone(str(data["timezone"])),
        queues=queues,
        services=frozenset(
            str(code) for queue in data["queues"] for code in queue.get("services", ())
        ),
        counters=dict(sorted(counters.items())),
        rota=_rota(data.get("rota") or (), counters, lambda line: int(line["weekday"])),
        changes=_rota(data.get("changes") or (), counters, _day),
        closed=frozenset(_read(date.fromisoformat, day) for day in data.get("closed") or ()),
        rules=_rules(data["rules"], queues),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise PlanError(f"timezone: {name} is unknown") from error


def _rota(
    lines: Iterable[Mapping[str, Any]],
    counters: Mapping[int, object],
    day_of: Callable[[Mapping[str, Any]], Key],
) -> dict[Key, dict[int, tuple[Shift, ...]]]:
    """Return the shifts by day of the week or by date, by counter; none where it stays closed."""
    rota: dict[Key, dict[int, tuple[Shift, ...]]] = {}
    for line in lines:
        counter = int(line["counter"])
        if counter not in counters:
            raise PlanError(f"rota: unknown counter {counter}")
        shifts = (_shift(line),) if "from" in line or "weekday" in line else ()
        day = rota.setdefault(day_of(line), {})
        known = day.get(counter, ())
        day[counter] = tuple(sorted((*known, *shifts), key=_starts))
    return rota


def _day(line: Mapping[str, Any]) -> date:
    return _read(date.fromisoformat, str(line["day"]))


def _shift(line: Mapping[str, Any]) -> Shift:
    parts = sorted(line.get("breaks") or (), key=_begins)
    return Shift(*_span(line), tuple(Break(*_span(part)) for part in parts))


def _starts(shift: Shift) -> int:
    return shift.start


def _begins(part: Mapping[str, Any]) -> int:
    return time_of_day(part["from"])


def _span(part: Mapping[str, Any]) -> tuple[int, int]:
    start, end = time_of_day(part["from"]), time_of_day(part["to"])
    if start >= end:
        raise PlanError(f"rota: {part['from']} is not before {part['to']}")
    return start, end


def _rules(rules: Mapping[str, Any], queues: tuple[str, ...]) -> Rules:
    priority = _mapping(rules.get("priority") or {"mode": "none"})
    appointments = _mapping(rules.get("appointments") or {})
    queue = str(appointments.get("queue", ""))
    if queue and queue not in queues:
        raise PlanError(f"rules.appointments: unknown queue {queue}")
    return Rules(
        order=_one_of("rules.order", rules.get("order", "oldest"), ORDERS),
        priority=_one_of("rules.priority.mode", priority["mode"], PRIORITIES),
        head_start=round(MINUTE * float(priority.get("head_start_minutes", 0))),
        appointment_queue=queue,
        appointment_head_start=round(MINUTE * float(appointments.get("head_start_minutes", 0))),
        place=_one_of("rules.transfer_position", rules.get("transfer_position", "end"), PLACES),
        calls=max(1, int(rules.get("no_show_after_calls", 3))),
        recall_after=int(rules.get("recall_after_seconds", 45)),
        issue_from=time_of_day(rules.get("issue_from", "00:00")),
        issue_until=time_of_day(rules.get("issue_until", "24:00")),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise PlanError("an object in braces is wanted")
    return value


def _one_of(name: str, value: object, known: tuple[str, ...]) -> str:
    if value not in known:
        raise PlanError(f"{name}: {value} is none of {', '.join(known)}")
    return str(value)


def time_of_day(text: str) -> int:
    """Return a time such as `9:30`, or `24:00`, as seconds since midnight."""
    hours, _, minutes = text.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(minutes) < MINUTE):
        raise PlanError(f"{text} is not a time of day")
    seconds = timedelta(hours=int(hours), minutes=int(minutes)).total_seconds()
    if seconds > DAY:
        raise PlanError(f"{text} is not a time of day")
    return int(seconds)


def _read(parse: Callable[[str], date], text: str) -> date:
    try:
        return parse(text)
    except ValueError as error:
        raise PlanError(f"closed: {text} is not a date") from error
