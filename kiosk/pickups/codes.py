"""Codes: six digits that collect, five that name a booking.

The digits follow from a pickup's token and the station's key, so that the visitor's page can show
them again, while the database holds a keyed hash only.
"""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import digest

DIGITS = 6
TAG_DIGITS = 5
# By so many last characters of a phone number or an order couriers know a visitor.
TAIL = 4
# So many times other digits are tried while some are taken.
MOST_TURNS = 20


@dataclass(frozen=True)
class Codes:
    """Makes and recognises codes with the installation's key."""

    key: str = field(repr=False)

    def secret(self, token: str, turn: int = 0) -> str:
        """Return the digits that collect a pickup; another turn gives others."""
        return self._digits(f"secret:{token}:{turn}")

    def proxy(self, token: str, turn: int) -> str:
        """Return the digits with which a colleague collects it."""
        return self._digits(f"proxy:{token}:{turn}")

    def mark(self, station_id: int, code: str) -> str:
        """Return what the database keeps of some digits."""
        return self._hmac(f"mark:{station_id}:{code}").hex()

    def _digits(self, text: str) -> str:
        return str(int.from_bytes(self._hmac(text)) % 10**DIGITS).zfill(DIGITS)

    def _hmac(self, text: str) -> bytes:
        return digest(self.key.encode(), f"pickups:{text}".encode(), sha256)


def new_tag() -> str:
    """Return a short name for a booking that couriers type: no secret, easy on any keypad."""
    return str(secrets.randbelow(10**TAG_DIGITS)).zfill(TAG_DIGITS)


def plain(typed: str) -> str:
    """Return a code as it was meant, without spaces and in capitals."""
    return "".join(typed.split()).replace("-", "").upper()


def is_code(text: str) -> bool:
    """Tell whether this, written plainly, has the shape of the digits that collect."""
    return len(text) == DIGITS and text.isdecimal()
