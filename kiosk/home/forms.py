"""What a search page tells: a question somebody settled on."""

from typing import Annotated

from pydantic import BaseModel, Field


class SearchedForm(BaseModel):
    """A question, and the code of the service that was opened, if one was."""

    q: Annotated[str, Field(min_length=1, max_length=100)]
    opened: Annotated[str, Field(max_length=20)] = ""
