"""Whether the station works, for operators and what watches for them."""

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from kiosk import clock
from kiosk.db import session
from kiosk.pickups.queries import last_sweep


def alive() -> ResponseReturnValue:
    """Tell that the process answers."""
    return jsonify(status="ok")


def ready() -> ResponseReturnValue:
    """Tell that the database answers and has the newest shape's tables, and when it was swept."""
    session.execute(text("SELECT 1 FROM station LIMIT 1"))
    swept = last_sweep()
    age = (clock.now() - swept.ran_at).total_seconds() if swept and swept.ran_at else None
    return jsonify(status="ready", pickups={"swept_seconds_ago": age})
