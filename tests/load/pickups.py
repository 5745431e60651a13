"""What the load tests do with meals and parcels at a running station."""

from typing import Any

import httpx

from tests.load.lobby import HALL, Lobby

POINT = "3F-B2"


def slots(lobby: Lobby, kind: str, point: str) -> list[dict[str, Any]]:
    with lobby.anybody() as visitor:
        items = visitor.get(f"{HALL}/pickups/slots", params={"kind": kind, "point": point}).json()
    return list(items["items"])


def book(visitor: httpx.Client, slot: dict[str, Any], **headers: str) -> httpx.Response:
    sent = {"kind": slot["kind"], "slot": slot["id"], "point": slot["point"]}
    return visitor.post(f"{HALL}/pickups", json=sent, headers=headers)


def drop(lobby: Lobby, token: str, **sent: object) -> httpx.Response:
    with lobby.visitor() as courier:
        return courier.post(f"/api/v1/pickups/{token}/drop", json=sent)


def next_slot(lobby: Lobby, kind: str, point: str) -> dict[str, Any]:
    """Return a free slot; late in the evening the day's last."""
    return [slot for slot in slots(lobby, kind, point) if slot["left"]][-1]
