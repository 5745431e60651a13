"""What staff typed → checked values."""

import re
from datetime import date
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from kiosk.refusal import Refusal
from kiosk.staff.permissions import Role
from kiosk.stations.hours import DAY_MINUTES, ServiceHours, WeeklySpan
from kiosk.stations.models import CallingOrder, DeviceKind
from kiosk.tickets.models import LAST_NUMBER, MissedRule
from kiosk.tickets.offers import Wish

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Letter = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]$")]
Ticked = Annotated[bool, BeforeValidator(lambda sent: sent in ("on", "1", True))]

_SPAN = re.compile(r"^(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})$")


class QueueForm(BaseModel):
    """A queue: names, the minutes one visit takes as a rule, open or not."""

    name_zh: Name
    name_en: Name
    usual_minutes: Annotated[int, Field(ge=1, le=480)]
    is_open: Ticked = False


class NewQueueForm(QueueForm):
    """A queue that is added."""

    letter: Letter


class RulesForm(BaseModel):
    """How many numbers a queue gives out a day, and what becomes of who does not come."""

    daily_quota: Annotated[
        Annotated[int, Field(ge=1, le=LAST_NUMBER)] | None,
        BeforeValidator(lambda sent: None if sent == "" else sent),
    ] = None
    calls_before_no_show: Annotated[int, Field(ge=1, le=9)]
    missed_rule: MissedRule
    missed_limit: Annotated[int, Field(ge=1, le=480)]


class CallingForm(BaseModel):
    """Whom counters call first, and how much earlier who asks for priority stands in line."""

    calling_order: CallingOrder
    priority_minutes: Annotated[int, Field(ge=0, le=120)]


class ClosureForm(BaseModel):
    """Days on which the station is closed, the last one included, and why."""

    starts_on: date
    ends_on: date
    reason_zh: Line = ""
    reason_en: Line = ""


class CounterForm(BaseModel):
    """A counter: names, and the letters of its queues, preferred first."""

    name_zh: Line = ""
    name_en: Line = ""
    queues: Line = ""
    is_active: Ticked = False


class NewCounterForm(CounterForm):
    """A counter that is added."""

    number: Annotated[int, Field(ge=1, le=999)]


class WeekForm(BaseModel):
    """Hours for each day of the week: `9:00-12:00, 13:00-18:00`; empty means none."""

    hours_0: Line = ""
    hours_1: Line = ""
    hours_2: Line = ""
    hours_3: Line = ""
    hours_4: Line = ""
    hours_5: Line = ""
    hours_6: Line = ""

    def spans(self) -> list[tuple[int, int, int]]:
        """Return the week as (weekday, opens, closes) in minutes; refuse what is not hours."""
        week, wrong = self.week()
        for refusal in wrong.values():
            raise refusal
        return week

    def week(self) -> tuple[list[tuple[int, int, int]], dict[str, Refusal]]:
        """Return the hours that can be read, and what is wrong with the rest, by field."""
        week: list[tuple[int, int, int]] = []
        wrong: dict[str, Refusal] = {}
        for day in range(7):
            try:
                week += [(day, *span) for span in read_spans(getattr(self, f"hours_{day}"))]
            except Refusal as refusal:
                wrong[f"hours_{day}"] = refusal
        return week, wrong


class OffersForm(BaseModel):
    """Services chosen in the list."""

    codes: Annotated[list[str], Field(min_length=1, max_length=500)]
    next: Annotated[str, Field(max_length=500)] = ""


class SwitchForm(OffersForm):
    """Switch the chosen services on or off."""

    on: Ticked = False


class HandledForm(WeekForm):
    """In which queue a service is handled, by which counters, when, from which day to which."""

    queue: Line = ""
    counters: list[str] = []
    starts_on: Line = ""
    ends_on: Line = ""

    def numbers(self) -> tuple[int, ...]:
        """Return the counters that are ticked."""
        return tuple(sorted({int(number) for number in self.counters if number.isdecimal()}))

    def service_hours(self) -> tuple[ServiceHours, dict[str, Refusal]]:
        """Return the hours that can be read, and what is wrong with the rest, by field."""
        week, wrong = self.week()
        days: dict[str, date | None] = {}
        for name in ("starts_on", "ends_on"):
            try:
                days[name] = date.fromisoformat(text) if (text := getattr(self, name)) else None
            except ValueError:
                wrong[name] = Refusal(
                    "offers.day", "%(text)s is not a day. Write it like 2026-11-20.", text=text
                )
        return ServiceHours(tuple(WeeklySpan(*span) for span in week), **days), wrong


class OfferForm(HandledForm):
    """What a station says of one service; `seen` is the mark of what it said when it was shown."""

    is_on: Ticked = False
    seen: Line = ""


class CollectForm(OffersForm):
    """Services to be changed together: those chosen, or all that fit the list's filters."""

    codes: Annotated[list[str], Field(max_length=500)] = []
    all: Ticked = False
    q: Text = ""
    domain: Text = ""
    category: Text = ""
    queue: Text = ""
    state: Text = ""
    guide: Text = ""
    check: Text = ""
    sort: Text = ""
    wish: Wish | None = None

    @property
    def filters(self) -> dict[str, str]:
        """The list's filters, by their names in its address."""
        return self.model_dump(exclude={"codes", "all", "next", "wish"})


class WishForm(HandledForm):
    """What is to change of many services: its kind, and what the kind needs of the rest."""

    wish: Wish
    words: Text = ""


class SeenForm(BaseModel):
    """The mark of the preview that is meant."""

    seen: Line


class SynonymForm(BaseModel):
    """A visitors' word, and the code of the service that it stands for."""

    word: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    code: Annotated[
        str, StringConstraints(strip_whitespace=True, to_upper=True, min_length=1, max_length=20)
    ]


class MemberForm(BaseModel):
    """What somebody is called, trusted with, and where; no station means all of them."""

    display_name: Name
    role: Role
    station: Line = ""
    is_active: Ticked = False


class NewMemberForm(MemberForm):
    """Somebody who is hired."""

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9][a-z0-9._-]{1,39}$")
    ]


class PairForm(BaseModel):
    """A device that shows a code."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=6, max_length=6)]
    kind: DeviceKind
    name: Name


class StationForm(WeekForm):
    """A station's names, address and hours."""

    name_zh: Name
    name_en: Name
    address: Line = ""


class ChooseForm(BaseModel):
    """The station to work at."""

    code: Line


def read_spans(text: str) -> list[tuple[int, int]]:
    """Return `9:00-12:00, 13:00-18:00` as minutes since midnight; refuse what is not in order."""
    spans = [read_span(part) for part in re.split(r"[,，、]", text) if part.strip()]
    for before, after in pairwise(spans):
        if before[1] > after[0]:
            raise _not_hours(text)
    return spans


def read_weekdays(ticked: list[int]) -> set[int]:
    """Return the days of the week (Monday 0) that were ticked; refuse none."""
    days = {day for day in ticked if day in range(7)}
    if not days:
        raise Refusal("plans.no_day", "Choose at least one day of the week.")
    return days


def read_day(sent: str) -> date | None:
    """Return the day that an address names (`2026-11-20`); None where it names none."""
    try:
        return date.fromisoformat(sent)
    except ValueError:
        return None


def read_span(part: str) -> tuple[int, int]:
    """Return `9:00-12:00` as minutes since midnight; refuse what is not a span."""
    match = _SPAN.match(part.strip())
    if match is None:
        raise _not_hours(part)
    figures: list[Any] = [int(figure) for figure in match.groups()]
    opens, closes = figures[0] * 60 + figures[1], figures[2] * 60 + figures[3]
    if not 0 <= opens < closes <= DAY_MINUTES:
        raise _not_hours(part)
    return opens, closes


def _not_hours(text: str) -> Refusal:
    return Refusal(
        "stations.hours",
        "%(text)s is not a span of time. Write it like 9:00-12:00, 13:00-18:00.",
        text=text.strip(),
    )
