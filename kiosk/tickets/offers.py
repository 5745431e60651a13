"""What a station says of its services, one or many at once: as it is, as wished, what is wrong.

Pure calculation. Counters are given as the numbers of those that serve each queue, by letter.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any

from kiosk.catalog.models import Service
from kiosk.refusal import Refusal, say
from kiosk.stations.hours import ALWAYS, ServiceHours, WeeklySpan
from kiosk.tickets.models import Offer

Serving = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Terms:
    """A service at a station: its queue's letter, on or off, which counters, when.

    No letter means that the station does not offer it; no counters mean all of the queue's.
    """

    queue: str | None = None
    is_on: bool = False
    counters: tuple[int, ...] = ()
    hours: ServiceHours = ALWAYS

    @property
    def told(self) -> dict[str, Any]:
        """The terms as JSON."""
        return {
            "queue": self.queue,
            "is_on": self.is_on,
            "counters": list(self.counters),
            "spans": [list(span) for span in self.hours.spans],
            "starts_on": _iso(self.hours.starts_on),
            "ends_on": _iso(self.hours.ends_on),
        }

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Terms":
        """Return the terms that were told as JSON; what is left out is as if nothing was said."""
        hours = ServiceHours(
            tuple(WeeklySpan(*span) for span in told.get("spans", ())),
            _day(told.get("starts_on")),
            _day(told.get("ends_on")),
        )
        counters = tuple(told.get("counters", ()))
        return cls(told.get("queue"), bool(told.get("is_on")), counters, hours)

    def changes_from(self, before: "Terms") -> dict[str, list[Any]]:
        """Return what differs: `{"queue": [before, after]}`."""
        then = before.told
        return {name: [then[name], now] for name, now in self.told.items() if now != then[name]}


def terms_of(offer: Offer | None) -> Terms:
    """Return what a station says of a service."""
    if offer is None:
        return Terms()
    return Terms(offer.queue.letter, offer.is_on, tuple(offer.counters or ()), offer.hours)


def refusals(terms: Terms, serving: Serving) -> dict[str, Refusal]:
    """Return what is wrong with terms, by the field where it stands."""
    wrong = {}
    if terms.queue is None or terms.queue not in serving:
        wrong["queue"] = Refusal("offers.queue", "Choose the queue where visitors wait for this.")
    elif idle := [n for n in terms.counters if n not in serving[terms.queue]]:
        wrong["counters"] = Refusal(
            "offers.counters",
            "Counter %(numbers)s does not serve queue %(letter)s. Choose one that does.",
            numbers=", ".join(map(str, idle)),
            letter=terms.queue,
        )
    starts, ends = terms.hours.starts_on, terms.hours.ends_on
    if starts and ends and ends < starts:
        wrong["ends_on"] = Refusal("offers.days", "The last day is before the first. Correct one.")
    return wrong


class Wish(StrEnum):
    """What can be changed of many services at once."""

    ON = "on"
    OFF = "off"
    QUEUE = "queue"
    COUNTERS = "counters"
    HOURS = "hours"
    WORDS = "words"


@dataclass(frozen=True)
class Wished:
    """A change of many services: its kind, and what the kind needs of the rest."""

    wish: Wish
    queue: str = ""
    counters: tuple[int, ...] = ()
    hours: ServiceHours = ALWAYS
    words: tuple[str, ...] = ()

    @property
    def told(self) -> dict[str, Any]:
        """The change as JSON."""
        terms = Terms(self.queue, counters=self.counters, hours=self.hours).told
        return terms | {"wish": self.wish.value, "words": list(self.words)}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Wished":
        """Return the change that was told as JSON."""
        terms = Terms.read(told)
        return cls(
            Wish(told["wish"]),
            terms.queue or "",
            terms.counters,
            terms.hours,
            tuple(told["words"]),
        )


@dataclass(frozen=True)
class Planned:
    """One service of a change of many: as it is, as it would be, or why nothing changes."""

    service: Service
    before: Terms
    after: Terms
    new_words: tuple[str, ...] = ()
    why_not: str = ""

    @property
    def changes(self) -> dict[str, list[Any]]:
        """What would change: `{"queue": [before, after]}`."""
        changes = self.after.changes_from(self.before)
        if self.new_words:
            words = self.service.keywords
            changes["keywords"] = [list(words), [*words, *self.new_words]]
        return changes


def refusals_of_wish(wished: Wished, serving: Serving) -> dict[str, Refusal]:
    """Return what is wrong with a change of many services, by the field where it stands."""
    if wished.wish is Wish.QUEUE and wished.queue not in serving:
        return {"queue": Refusal("offers.queue", "Choose the queue where visitors wait for this.")}
    if wished.wish is Wish.HOURS:
        return refusals(Terms(next(iter(serving), None), hours=wished.hours), serving)
    if wished.wish is Wish.WORDS and not wished.words:
        return {"words": Refusal("offers.words", "Write at least one word.")}
    return {}


_NO_QUEUE = say("it has no queue here yet")
_NOT_SERVED = say("these counters do not serve its queue")
_SAME = say("it is so already")


def plan(
    wished: Wished, services: Iterable[Service], offers: Mapping[int, Offer], serving: Serving
) -> list[Planned]:
    """Return what a change would do to each service."""
    return [_planned(wished, service, offers.get(service.id), serving) for service in services]


def _planned(wished: Wished, service: Service, offer: Offer | None, serving: Serving) -> Planned:
    before = terms_of(offer)
    if wished.wish is Wish.WORDS:
        fresh = tuple(word for word in wished.words if word not in service.keywords)
        return Planned(service, before, before, fresh, "" if fresh else _SAME)
    if wished.wish is not Wish.QUEUE and before.queue is None:
        return Planned(service, before, before, why_not=_NO_QUEUE)
    after = _wished(wished, before, serving)
    if wished.wish is Wish.COUNTERS and "counters" in refusals(after, serving):
        return Planned(service, before, before, why_not=_NOT_SERVED)
    return Planned(service, before, after, why_not="" if after != before else _SAME)


def _wished(wished: Wished, before: Terms, serving: Serving) -> Terms:
    if wished.wish is Wish.QUEUE:
        kept = tuple(n for n in before.counters if n in serving.get(wished.queue, ()))
        is_on = before.is_on or before.queue is None
        return replace(before, queue=wished.queue, is_on=is_on, counters=kept)
    if wished.wish is Wish.COUNTERS:
        return replace(before, counters=wished.counters)
    if wished.wish is Wish.HOURS:
        return replace(before, hours=wished.hours)
    return replace(before, is_on=wished.wish is Wish.ON)


def fingerprint(told: object) -> str:
    """Return a short mark of something as JSON, which another state of it does not have."""
    return sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
