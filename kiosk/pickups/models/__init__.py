"""What lies where: storage points and their places, pickups and what happened to them."""

from kiosk.pickups.models.items import (
    LIVE,
    OVER,
    CaseKind,
    Consent,
    Pickup,
    PickupCase,
    PickupEvent,
    PickupNotice,
    PickupSeries,
    PickupState,
)
from kiosk.pickups.models.points import (
    PARCEL_STAGES,
    Climate,
    PickupCount,
    PickupKind,
    PickupPlan,
    PickupRules,
    Stage,
    StoragePlace,
    StoragePoint,
)
from kiosk.pickups.models.upkeep import (
    CodeTries,
    CourierPass,
    HygieneCheck,
    HygieneKind,
    Sweep,
)

__all__ = [
    "LIVE",
    "OVER",
    "PARCEL_STAGES",
    "CaseKind",
    "Climate",
    "CodeTries",
    "Consent",
    "CourierPass",
    "HygieneCheck",
    "HygieneKind",
    "Pickup",
    "PickupCase",
    "PickupCount",
    "PickupEvent",
    "PickupKind",
    "PickupNotice",
    "PickupPlan",
    "PickupRules",
    "PickupSeries",
    "PickupState",
    "Stage",
    "StoragePlace",
    "StoragePoint",
    "Sweep",
]
