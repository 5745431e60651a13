"""What visitors and programs send about tickets → checked values."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator

from kiosk.tickets.models import Outcome, Priority


def _asked_for(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    """Take a plain yes or no for a priority that gives no reason."""
    if value in (True, "true", "1"):
        return Priority.OTHER
    return None if value in (False, "false", "0", "") else value


Asked = Annotated[Priority | None, BeforeValidator(_asked_for)]
Letter = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]$")]


class TakeForm(BaseModel):
    """Take a number for a service, for a bundle, or in a queue where neither is known."""

    model_config = ConfigDict(str_max_length=200)

    service: str | None = None
    bundle: str | None = None
    queue: Letter | None = None
    priority: Asked = None

    @model_validator(mode="after")
    def one_of_them(self) -> Self:
        """Ask for a service, a bundle or a queue: for one of them, and not for two."""
        if [self.service, self.bundle, self.queue].count(None) != 2:  # noqa: PLR2004 - of three
            raise ValueError("name either a service, a bundle or a queue")
        return self


class CallForm(BaseModel):
    """Call this ticket: parked, missed, or out of turn."""

    ticket: Annotated[str, StringConstraints(max_length=100)]


class FinishForm(BaseModel):
    """End a visit, and say how it ended where that is worth noting."""

    outcome: Annotated[
        Outcome | None, BeforeValidator(lambda value: None if value == "" else value)
    ] = None


class TransferForm(BaseModel):
    """Send a visitor on: to a queue or to a counter."""

    queue: Letter | None = None
    counter: int | None = None

    @model_validator(mode="after")
    def one_of_them(self) -> Self:
        """Ask for a queue or a counter, and not for both."""
        if (self.queue is None) == (self.counter is None):
            raise ValueError("name either a queue or a counter")
        return self


class ServiceForm(BaseModel):
    """One more service for the same number."""

    service: Annotated[str, StringConstraints(max_length=100)]
