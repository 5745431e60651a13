"""The same request twice gives the same answer, and changes things once.

A request that carries a key leaves its answer in the transaction that did the work. A second
one with that key waits for the first at the database's unique wall, then gets its answer.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import ReturningInsert

from kiosk.db import Database, Model, database, insert_into, session
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
_KEEP = (
    update(_TABLE)
    .where(_TABLE.c.asker == bindparam("its_asker"), _TABLE.c.key == bindparam("its_key"))
    .values(status=bindparam("status"), body=bindparam("body"))
)


@dataclass(frozen=True)
class Answer:
    """What a request is answered with: an HTTP status and a JSON object."""

    status: int
    body: dict[str, Any]


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


def once(request: Request, at: datetime, act: Callable[[], Answer]) -> Answer:
    """Act and keep the answer, or return the answer kept under this key; inside transaction().

    Without a key it simply acts. The same key with another question is refused.
    """
    if not request.key:
        return act()
    if not _is_first(request, at):
        return _kept_answer(request)
    answer = act()
    session.connection().execute(
        _KEEP,
        {
            "its_asker": request.asker,
            "its_key": request.key,
            "status": answer.status,
            "body": json.dumps(answer.body, ensure_ascii=False),
        },
    )
    return answer


def _is_first(request: Request, at: datetime) -> bool:
    claimed = session.connection().scalar(
        _claim(database()),
        {
            "asker": request.asker,
            "key": request.key,
            "fingerprint": request.fingerprint,
            "answered_at": at,
        },
    )
    return claimed is not None


@cache
def _claim(database: Database) -> ReturningInsert[str]:
    return insert_into(_TABLE, database).on_conflict_do_nothing().returning(_TABLE.c.key)


def _kept_answer(request: Request) -> Answer:
    kept = session.execute(
        select(Answered.fingerprint, Answered.status, Answered.body).where(
            Answered.asker == request.asker, Answered.key == request.key
        )
    ).one()
    if kept.fingerprint != request.fingerprint:
        raise Refusal(
            "idempotency.reused",
            "This key was already used for another request. Use a new key.",
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    return Answer(kept.status, json.loads(kept.body))


def forget_old(at: datetime) -> None:
    """Erase answers that nobody will ask for again; inside transaction()."""
    session.execute(delete(Answered).where(Answered.answered_at < at - KEPT))
