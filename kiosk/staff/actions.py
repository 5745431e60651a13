"""What happens to people who work here: hired, signed in, given a token, let go."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from werkzeug.security import check_password_hash, generate_password_hash

from kiosk.db import insert_all, session
from kiosk.refusal import Refusal
from kiosk.staff.models import AuditEntry, Member, MemberToken
from kiosk.staff.permissions import Role
from kiosk.staff.queries import find_member
from kiosk.tokens import MEMBER, hashed, new_token

SHORTEST_PASSWORD = 12
HASHING = "scrypt:32768:8:1"
# What was changed of something: `{"queue": [before, after]}`.
Changes = dict[str, list[Any]]
# No password has this hash, and to find that out takes as long as with any other.
_NOBODY = f"{HASHING}$nobody${'0' * 128}"


def hire(
    name: str, display_name: str, role: Role, station_id: int | None, *, at: datetime
) -> tuple[Member, str]:
    """Add a member; returns them and a one-time password to hand over in person."""
    if find_member(name) is not None:
        raise Refusal("staff.taken", "The name %(name)s is taken. Choose another one.", name=name)
    _refuse_homeless(role, station_id)
    member = Member(
        name=name, display_name=display_name, role=role, station_id=station_id, created_at=at
    )
    session.add(member)
    session.flush()
    return member, reset_password(member)


def _refuse_homeless(role: Role, station_id: int | None) -> None:
    if role is not Role.ADMINISTRATOR and station_id is None:
        raise Refusal("staff.homeless", "Choose the station where this person works.")


def reset_password(member: Member) -> str:
    """Give a new one-time password; whoever was signed in with the old one is signed out."""
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    member.password_hash = generate_password_hash(password, HASHING)
    member.must_change_password = True
    member.session_epoch += 1
    session.flush()
    return password


def sign_in(name: str, password: str, *, at: datetime) -> Member:
    """Return the member whose password this is; an unknown name takes as long as a wrong one."""
    member = find_member(name)
    known = member is not None and member.is_active and member.password_hash
    if not check_password_hash(member.password_hash if member and known else _NOBODY, password):
        member = None
    if member is None or not known:
        raise Refusal(
            "staff.wrong",
            "Name or password is not right. Ask the station's manager for a new password.",
            HTTPStatus.FORBIDDEN,
        )
    member.signed_in_at = at
    return member


def change_password(member: Member, old: str, new: str, repeat: str) -> None:
    """Set a password of the member's own; sessions opened with the old one end."""
    if not check_password_hash(member.password_hash, old):
        raise Refusal("staff.wrong", "The password you use now is not right. Type it again.")
    if new != repeat:
        raise Refusal("staff.differ", "The two new passwords differ. Type them again.")
    if len(new) < SHORTEST_PASSWORD:
        raise Refusal(
            "staff.short",
            "Use at least %(length)s characters. Four unrelated words are easy to remember.",
            length=SHORTEST_PASSWORD,
        )
    if new == old or member.name.lower() in new.lower():
        raise Refusal("staff.weak", "Choose a password that is new and without your name.")
    member.password_hash = generate_password_hash(new, HASHING)
    member.must_change_password = False
    member.session_epoch += 1
    session.flush()


def change(
    member: Member, display_name: str, role: Role, station_id: int | None, *, is_active: bool
) -> None:
    """Change what a member is called, trusted with, and where; letting go ends their sessions."""
    _refuse_homeless(role, station_id)
    if member.role != role or member.station_id != station_id or not is_active:
        member.session_epoch += 1
    member.display_name = display_name
    member.role = role
    member.station_id = station_id
    member.is_active = is_active
    session.flush()


def give_token(name: str, role: Role, station_id: int | None, *, at: datetime) -> str:
    """Return a new bearer token for a program, known here under `name`."""
    member = find_member(name)
    if member is None:
        member = Member(
            name=name, display_name=name, role=role, station_id=station_id, created_at=at
        )
        session.add(member)
        session.flush()
    token = new_token(MEMBER)
    session.add(
        MemberToken(
            member_id=member.id,
            role=role,
            station_id=station_id,
            token_hash=hashed(token),
            created_at=at,
        )
    )
    session.flush()
    return token


def write_down(
    member: Member,
    action: str,
    subject: str,
    detail: str = "",
    *,
    station_id: int,
    at: datetime,
    changes: Changes | None = None,
) -> AuditEntry:
    """Keep who changed what, with the role they had."""
    entry = AuditEntry(
        at=at,
        member_id=member.id,
        role=member.role,
        station_id=station_id,
        action=action,
        subject=subject,
        detail=detail,
        changes=changes,
    )
    session.add(entry)
    return entry


def write_down_parts(whole: AuditEntry, parts: Mapping[str, Changes]) -> None:
    """Keep what one press changed of each of many things, by what they are called."""
    session.flush()
    same = {
        name: getattr(whole, name) for name in ("at", "member_id", "role", "station_id", "action")
    }
    rows = [
        same | {"subject": subject, "detail": "", "changes": changes, "part_of": whole.id}
        for subject, changes in parts.items()
    ]
    insert_all(AuditEntry, rows)
