"""Questions about people who work here."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select

from kiosk.db import session
from kiosk.refusal import NotFound
from kiosk.staff.models import AuditEntry, Member, MemberToken
from kiosk.staff.permissions import Role, may
from kiosk.tokens import MEMBER, hashed

_TOKEN = select(MemberToken).where(
    MemberToken.token_hash == bindparam("token_hash"), MemberToken.revoked_at.is_(None)
)


def find_member(name: str) -> Member | None:
    """Return the member with this sign-in name."""
    return session.scalar(select(Member).where(Member.name == name))


def get_member(member_id: int) -> Member:
    """Return a member; refuse an unknown one."""
    member = session.get(Member, member_id)
    if member is None:
        raise NotFound("staff.unknown", "There is nobody with this number. Look at the list again.")
    return member


def find_session_member(member_id: int, epoch: int) -> Member | None:
    """Return the member a session belongs to, if that session still counts."""
    member = session.get(Member, member_id)
    if member is None or not member.is_active or member.session_epoch != epoch:
        return None
    return member


def find_token(token: str) -> MemberToken | None:
    """Return a program's token that was not taken back and whose member still works here."""
    if not token.startswith(MEMBER):
        return None
    kept = session.scalar(_TOKEN, {"token_hash": hashed(token)})
    return kept if kept is not None and kept.member.is_active else None


def members_of(station_id: int | None) -> Sequence[Member]:
    """Return who works at a station, or everybody; the highest role first."""
    wanted = select(Member).order_by(Member.is_active.desc(), Member.role, Member.name)
    if station_id is not None:
        wanted = wanted.where(Member.station_id == station_id)
    return session.scalars(wanted).all()


def has_colleague(member: Member, permission: str) -> bool:
    """Tell whether somebody else who works here may do this; programs do not count."""
    roles = [role for role in Role if may(role, permission)]
    other = select(Member.id).where(
        Member.id != member.id,
        Member.is_active,
        Member.role.in_(roles),
        Member.password_hash != "",
    )
    return session.scalar(other.limit(1)) is not None


def names_of(member_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return what members are called, by id; nobody has no name."""
    known = {member_id for member_id in member_ids if member_id is not None}
    rows = session.execute(select(Member.id, Member.display_name).where(Member.id.in_(known)))
    return dict(rows.all())


def changes_of(subject: str, limit: int) -> Sequence[AuditEntry]:
    """Return what stations changed of one thing from what to what, newest first."""
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == subject, AuditEntry.changes.is_not(None))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()


def audit_of(station_id: int | None, limit: int = 50) -> Sequence[AuditEntry]:
    """Return the latest changes at a station, newest first; one press is one change."""
    whole = AuditEntry.part_of.is_(None)
    wanted = select(AuditEntry).where(whole).order_by(AuditEntry.id.desc()).limit(limit)
    if station_id is not None:
        wanted = wanted.where(AuditEntry.station_id == station_id)
    return session.scalars(wanted).all()
