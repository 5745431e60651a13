"""What each role may do."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is trusted with at a station."""

    CLERK = "clerk"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


CALL = "tickets.call"
EDIT_STATION = "stations.edit"
EDIT_CATALOG = "catalog.edit"
PUBLISH = "catalog.publish"
EDIT_STAFF = "staff.edit"
PAIR_DEVICES = "devices.pair"
EDIT_NOTICES = "notices.edit"
READ_METRICS = "metrics.read"
HANDLE_PICKUPS = "pickups.handle"
EDIT_PICKUPS = "pickups.edit"
SIGNED_IN = "staff.signed_in"
CHANGE_PASSWORD = "staff.change_password"  # noqa: S105 - the name of a permission

_CLERK = frozenset({SIGNED_IN, CHANGE_PASSWORD, CALL, EDIT_NOTICES, HANDLE_PICKUPS})
_MANAGER = _CLERK | {
    EDIT_STATION,
    EDIT_CATALOG,
    PUBLISH,
    EDIT_STAFF,
    PAIR_DEVICES,
    EDIT_PICKUPS,
}

GRANTS: dict[Role, frozenset[str]] = {
    Role.CLERK: _CLERK,
    Role.MANAGER: _MANAGER,
    Role.ADMINISTRATOR: _MANAGER | {READ_METRICS},
}

RANK = {Role.CLERK: 1, Role.MANAGER: 2, Role.ADMINISTRATOR: 3}


def may(role: Role, permission: str) -> bool:
    """Tell whether a role carries a permission."""
    return permission in GRANTS[role]
