"""What visitors and programs send about appointments → checked values."""

import re
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from kiosk import clock
from kiosk.stations.hours import DAY_MINUTES, minute_of

Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Day = date | None
_ADDRESS = re.compile(r"(?:/b/)?([\w-]{16,60})(?:\.ics)?/?(?:\?.*)?$")


class SlotForm(BaseModel):
    """A time: `day` and `minute` since midnight, or `at`, on the station's clock without a zone."""

    day: date | None = None
    minute: Annotated[int, Field(ge=0, lt=DAY_MINUTES)] | None = None
    at: datetime | None = None

    @model_validator(mode="after")
    def one_of_them(self) -> Self:
        """Ask for a day and a minute or for a moment, and not for both."""
        if (self.at is None) == (self.day is None or self.minute is None):
            raise ValueError("name either day and minute, or at")
        return self

    def slot(self, timezone: str) -> tuple[date, int]:
        """Return the day and the minute at a station's zone."""
        if self.at is None:
            return self.day or date.min, self.minute or 0
        wall = self.at if self.at.tzinfo is None else clock.local(self.at, timezone)
        return wall.date(), minute_of(wall)


class BookForm(SlotForm):
    """Book a time for a service."""

    service: Code


class SlotsQuery(BaseModel):
    """Which service's times, and of which day; today's where none is named."""

    service: Code
    date: Day = None


class ScannedForm(BaseModel):
    """What a reader at the kiosk read off a phone: an appointment's address."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]

    @property
    def token(self) -> str:
        """The token in it; empty where there is none."""
        found = _ADDRESS.search(self.code)
        return found.group(1) if found else ""
