"""The socket's door: who may watch which topic."""

from typing import Any

import orjson
from flask import Flask, request
from flask_socketio import join_room, leave_room
from socketio.packet import Packet

from kiosk import access, clock, db, live, meters
from kiosk.config import Config
from kiosk.refusal import Refusal
from kiosk.staff.permissions import CALL
from kiosk.stations.actions import saw
from kiosk.stations.queries import get_station
from kiosk.topics import PUBLIC_KINDS

MOST_TOPICS = 50

# The paired devices that are connected to this worker, by their socket.
_devices: dict[str, int] = {}


class QuickJson:
    """JSON as the packets write and read it, a quarter as long."""

    loads = staticmethod(orjson.loads)

    @staticmethod
    def dumps(data: object, **_format: object) -> str:
        """Return the text, always without spaces."""
        return orjson.dumps(data).decode()


class TextPacket(Packet):  # type: ignore[misc]
    """A message in text; to look for bytes in each took a third of the time of a big fan-out."""

    uses_binary_events = False
    json = QuickJson


def register(app: Flask, config: Config) -> None:
    """Open the namespace; pages of other origins are turned away at the handshake."""

    def is_ours(origin: str | None, environ: dict[str, Any]) -> bool:
        here = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}"
        return origin in (None, here, config.public_url)

    live.socketio.init_app(
        app,
        async_mode="gevent",
        transports=["websocket"],
        ping_interval=25,
        ping_timeout=20,
        max_http_buffer_size=16 * 1024,
        serializer=TextPacket,
        cors_allowed_origins=is_ours,
        manage_session=False,
        message_queue=config.redis_url or None,
        channel="loumenkou",
    )
    for event, handler in (("connect", _connect), ("disconnect", _leave), ("watch", _watch)):
        live.socketio.on_event(event, handler, namespace=live.NAMESPACE)


def _connect(_auth: object = None) -> None:
    """Note which paired device is there."""
    meters.socket_opened()
    device = access.device()
    if device is not None:
        _devices[_sid()] = device.id
    db.session.remove()


def _leave(_reason: object = None) -> None:
    meters.socket_closed()
    _devices.pop(_sid(), None)


def note_devices() -> None:
    """Keep that the devices which are connected now were seen now."""
    if present := set(_devices.values()):
        with db.transaction():
            saw(present, at=clock.now())


def _watch(topics: object = None) -> dict[str, list[str]]:
    """Let the caller hear of topics; answers which were accepted and which refused."""
    wanted = topics[:MOST_TOPICS] if isinstance(topics, list) else []
    allowed = {topic for topic in wanted if isinstance(topic, str) and _may_watch(topic)}
    for topic in allowed:
        join_room(topic, namespace=live.NAMESPACE)
    known: list[object] = []
    for snapshot in live.pump.compute(allowed, allowed.__contains__) if live.pump.compute else ():
        live.show(snapshot, to=_sid())
        known.append(snapshot["topic"])
    for topic in allowed.difference(known):
        leave_room(topic, namespace=live.NAMESPACE)
    db.session.remove()
    return {
        "watching": [topic for topic in wanted if topic in known],
        "refused": [str(topic)[:100] for topic in wanted if topic not in known],
    }


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]


def _may_watch(topic: str) -> bool:
    kind, _, key = topic.partition(":")
    if kind in PUBLIC_KINDS:
        return bool(key) and "\0" not in key  # which PostgreSQL would not look for
    try:
        at_work = access.worker() if kind == "desk" else None
        return at_work is not None and at_work.may(CALL, get_station(key))
    except Refusal:
        return False
