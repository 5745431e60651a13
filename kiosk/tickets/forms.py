"""What visitors and programs send about tickets → checked values."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Letter = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]$")]


class TakeForm(BaseModel):
    """Take a number for a service, or in a queue where the visitor does not know the service."""

    model_config = ConfigDict(str_max_length=200)

    service: str | None = None
    queue: Letter | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        """Ask for a service or a queue, not for both and not for neither."""
        if (self.service is None) == (self.queue is None):
            raise ValueError("name either a service or a queue")
        return self


class NothingForm(BaseModel):
    """A request that says everything by its address."""
