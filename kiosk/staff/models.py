"""Members of staff, the tokens of programs that act for them, and what was changed by whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kiosk.db import Model
from kiosk.staff.permissions import Role, may


class Member(Model):
    """Somebody who works here; `station_id` is empty for those who work at every station."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    role: Mapped[Role]
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
    password_hash: Mapped[str] = mapped_column(default="")
    must_change_password: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]

    def may(self, permission: str) -> bool:
        """Tell whether this member's role carries a permission."""
        return self.is_active and may(self.role, permission)


class MemberToken(Model):
    """A bearer token for a program; it carries its own role and station."""

    __tablename__ = "member_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    role: Mapped[Role]
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(lazy="joined")


class AuditEntry(Model):
    """One change that a member made to how a station works: who, with which role, what.

    `changes` are what was changed of one service, `{"queue": [before, after]}`. One press that
    changes many services is an entry, of which each service's entry is a part.
    """

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    role: Mapped[Role]
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    detail: Mapped[str] = mapped_column(default="")
    changes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    part_of: Mapped[int | None] = mapped_column(ForeignKey("audit_entry.id"))
