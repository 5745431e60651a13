"""What visitors and programs send about tickets → checked values."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Letter = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]$")]


class TakeForm(BaseModel):
    """Take a number for a service, for a bundle, or in a queue where neither is known."""

    model_config = ConfigDict(str_max_length=200)

    service: str | None = None
    bundle: str | None = None
    queue: Letter | None = None

    @model_validator(mode="after")
    def one_of_them(self) -> Self:
        """Ask for a service, a bundle or a queue: for one of them, and not for two."""
        if [self.service, self.bundle, self.queue].count(None) != 2:  # noqa: PLR2004 - of three
            raise ValueError("name either a service, a bundle or a queue")
        return self
