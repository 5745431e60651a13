"""Who left a contact is told, on the way that the station set up."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

from flask import Flask

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.pickups import actions
from kiosk.pickups.commands import sweep, tell
from kiosk.pickups.models import PickupNotice
from tests.databases import on_sqlite
from tests.kiosk.pickups.lobby import again, book, dropped, station

pytestmark = on_sqlite


@contextmanager
def listener(status: int = 200) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Run a service that Apprise can reach; yields its port and what it heard."""
    heard: list[dict[str, Any]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            heard.append({"path": self.path, **json.loads(self.rfile.read(size))})
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port, heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_owner_is_told_once_in_both_languages(app: Flask) -> None:
    with listener() as (port, heard), app.app_context():
        with transaction():
            actions.change_rules(
                station(), notify_address=f"json://127.0.0.1:{port}/to/{{contact}}"
            )
        mine = dropped(book(contact="me@example.com"))
        dropped(book())
        sweep()
        assert [tell(), tell()] == [1, 0]
    [notice] = heard
    assert notice["path"] == "/to/me@example.com"
    assert notice["title"] == mine.tag
    assert "放在 3F-B2-01" in notice["message"]
    assert "It is here: 3F-B2-01" in notice["message"]
    assert again(mine).contact == "me@example.com"


def test_what_cannot_be_sent_is_given_up(app: Flask) -> None:
    with listener(500) as (port, heard), app.app_context():
        with transaction():
            actions.change_rules(station(), notify_address=f"json://127.0.0.1:{port}/room")
        dropped(book())
        sweep()
        assert [tell() for _ in range(4)] == [0, 0, 0, 0]
    assert len(heard) == 3
    session.expire_all()
    [kept] = session.query(PickupNotice)
    assert (kept.outcome, kept.tries, kept.sent_at) == ("failed", 3, now())
