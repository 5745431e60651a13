"""Whole websocket frames, also to a reader who pauses.

The websocket library writes a frame with one bare `send`. On a non-blocking socket that may
take only a part of it, and the next frame then lands in the middle of the broken one. Here the
socket's `send` writes everything, one frame at a time.
"""

import socket
from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class WholeFrames:
    """The WSGI layer that hands every websocket a socket which never truncates."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Replace the server's socket for this request, then pass the request on."""
        if "gunicorn.socket" in environ:
            environ["gunicorn.socket"] = WholeSocket(environ["gunicorn.socket"])
        return self.app(environ, start)


class WholeSocket:
    """A socket whose `send` is a locked `sendall`; everything else is the socket's own."""

    def __init__(self, raw: socket.socket) -> None:
        self._raw = raw
        self._lock = Lock()

    def send(self, data: bytes) -> int:
        """Write all of the data before anybody else writes; returns its length in bytes."""
        with self._lock:
            self._raw.sendall(data)
        return len(data)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the socket has
        return getattr(self._raw, name)
