"""The same request twice gives the same answer, and changes things once.

A request that carries a key leaves its answer in the transaction that did the work. A second
one with that key comes to the database's unique wall, is undone, and gets the first one's answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import orjson
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from kiosk.db import Model, insert_into, session, transaction
from kiosk.prepared import Prepared
from kiosk.refusal import Refusal

KEPT = timedelta(days=2)


class Answered(Model):
    """A request that was answered, by who asked and by their key."""

    __tablename__ = "answered_request"

    asker: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int] = mapped_column(default=0)
    body: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime] = mapped_column(index=True)


_TABLE = Answered.metadata.tables[Answered.__tablename__]
_INSERT = Prepared(
    lambda database: insert_into(_TABLE, database).on_conflict_do_nothing().returning(_TABLE.c.key)
)


@dataclass(frozen=True)
class Answer:
    """What a request is answered with: an HTTP status and a JSON object."""

    status: int
    body: dict[str, Any]

    @cached_property
    def text(self) -> str:
        """The object as it is sent, and kept for a repeat."""
        return orjson.dumps(self.body).decode()


@dataclass(frozen=True)
class Request:
    """Who asks what, under which key. `what` tells a repeat from another question."""

    asker: str
    key: str
    what: str

    @property
    def fingerprint(self) -> str:
        """A short mark of what was asked."""
        return sha256(self.what.encode()).hexdigest()


class _AnsweredBefore(Exception):
    """Undoes a request that is a repeat."""


def once(request: Request, at: datetime, act: Callable[[], Answer]) -> Answer:
    """Act in a transaction that keeps the answer, or return the answer kept under this key.

    Without a key it simply acts. The same key with another question is refused.
    """
    try:
        with transaction():
            answer = act()
            if request.key:
                _keep(request, answer, at)
            return answer
    except (_AnsweredBefore, Refusal):
        if (kept := _kept_answer(request)) is None:
            raise
        return kept


def _keep(request: Request, answer: Answer, at: datetime) -> None:
    kept = _INSERT(
        asker=request.asker,
        key=request.key,
        fingerprint=request.fingerprint,
        status=answer.status,
        body=answer.text,
        answered_at=at,
    )
    if not kept:
        raise _AnsweredBefore


def _kept_answer(request: Request) -> Answer | None:
    kept = session.execute(
        select(Answered.fingerprint, Answered.status, Answered.body).where(
            Answered.asker == request.asker, Answered.key == request.key
        )
    ).one_or_none()
    if kept is None:
        return None
    if kept.fingerprint != request.fingerprint:
        raise Refusal(
            "idempotency.reused",
            "This key was already used for another request. Use a new key.",
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    return Answer(kept.status, orjson.loads(kept.body))


def forget_old(at: datetime) -> None:
    """Erase answers that nobody will ask for again; inside transaction()."""
    session.execute(delete(Answered).where(Answered.answered_at < at - KEPT))
