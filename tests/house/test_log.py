"""The log keeps the secrets that stand in addresses."""

import logging

import pytest

from kiosk.log import Discreet


@pytest.mark.parametrize(
    ("text", "logged"),
    [
        ("GET /t/Zx81kQ", "GET /t/…"),
        ("GET /p/Zx81kQ/collect", "GET /p/…/collect"),
        ("GET /c/Zx81kQ?lang=en", "GET /c/…"),
        ("POST /api/v1/tickets/Zx81kQ/cancel", "POST /api/v1/tickets/…/cancel"),
        ("GET /api/v1/live/pickup:Zx81kQ", "GET /api/v1/live/pickup:…"),
        ("GET /s/lobby/tickets/Zx81kQ", "GET /s/lobby/tickets/…"),
        ("GET /pair/WzEsMV0.awID", "GET /pair/…"),
        ("GET /s/lobby/services?q=居住证", "GET /s/lobby/services?…"),
        ('File "/srv/kiosk/tickets/actions.py"', 'File "/srv/kiosk/tickets/actions.py"'),
        ("GET /s/lobby/", "GET /s/lobby/"),
    ],
)
def test_addresses_lose_their_secrets(text: str, logged: str) -> None:
    record = logging.LogRecord("station", logging.ERROR, "", 0, "%s", (text,), None)
    assert Discreet("%(message)s").format(record) == logged


def test_tracebacks_lose_them_too() -> None:
    error = RuntimeError("nothing at /t/Zx81kQ")
    record = logging.LogRecord(
        "station", logging.ERROR, "", 0, "Oh", None, (RuntimeError, error, None)
    )
    assert Discreet("%(message)s").format(record) == "Oh\nRuntimeError: nothing at /t/…"
