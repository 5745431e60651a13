"""What volunteers send → checked values."""

import re
from typing import Annotated

from pydantic import BaseModel, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)]
Contact = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Scanned = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]

_LAST = re.compile(r"([\w-]+)/?(?:\?.*)?$")


class AboutForm(BaseModel):
    """What a volunteer says of themselves, if they want to."""

    name: Name = ""
    contact: Contact = ""


class SignUpForm(AboutForm):
    """Sign up for a shift; `offer` is the secret of a place that somebody offers."""

    offer: Short = ""


class CheckInForm(BaseModel):
    """Check in; `code` is what stands at the storage point, where its code was scanned."""

    code: Scanned = ""


class ReadForm(BaseModel):
    """What a reader at the kiosk, or a phone's own scanner, read: mostly an address."""

    code: Scanned

    @property
    def last(self) -> str:
        """The last word of the address."""
        found = _LAST.search(self.code)
        return found.group(1) if found else ""


class CarryForm(BaseModel):
    """Put one item away, by its tag, or all that goes to a point, by the point's code."""

    tag: Short = ""
    point: Short = ""


class TagForm(BaseModel):
    """Hand over the item with this tag."""

    tag: Short


class PointQuery(BaseModel):
    """The code that stands at a storage point."""

    point: Short = ""
