"""Wrong codes and digits are counted where they are entered, and lock it after some in a row."""

from datetime import datetime, timedelta
from http import HTTPStatus

from kiosk.db import insert_into, session
from kiosk.pickups.models import CodeTries
from kiosk.refusal import Refusal

MOST_WRONG = 5
LOCKED_FOR = timedelta(minutes=5)


def counted(entry: str, at: datetime) -> CodeTries:
    """Return the tries at an entry, kept from others until the transaction ends; refuse a lock."""
    statement = insert_into(CodeTries).values(entry=entry, wrong=0, last_at=at)
    session.execute(
        statement.on_conflict_do_update(index_elements=["entry"], set_={"entry": entry})
    )
    tries = session.get_one(CodeTries, entry, populate_existing=True)
    if tries.locked_until is not None and tries.locked_until > at:
        raise _locked(tries.locked_until - at)
    if at - tries.last_at > LOCKED_FOR:
        tries.wrong = 0
    tries.last_at, tries.locked_until = at, None
    return tries


def miss(tries: CodeTries, at: datetime) -> int:
    """Count a wrong try; returns how many are left before nobody may try here for a while."""
    tries.wrong += 1
    left = MOST_WRONG - tries.wrong
    if left <= 0:
        tries.wrong, tries.locked_until = 0, at + LOCKED_FOR
    session.flush()
    return max(left, 0)


def wrong_code(left: int) -> Refusal:
    """Return the refusal of a wrong code, after the try was counted."""
    if left:
        return Refusal(
            "pickups.wrong_code",
            "This code opens nothing here. Look at it again; tries left: %(left)s.",
            HTTPStatus.FORBIDDEN,
            left=left,
        )
    return _locked(LOCKED_FOR)


def _locked(left: timedelta) -> Refusal:
    return Refusal(
        "pickups.locked",
        "Too many wrong codes. Enter yours again in %(minutes)s minutes, or ask at the counter.",
        HTTPStatus.TOO_MANY_REQUESTS,
        minutes=max(1, -(-left // timedelta(minutes=1))),
    )
