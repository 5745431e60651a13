"""Whether the station works, for operators and what watches for them."""

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from kiosk.db import session


def alive() -> ResponseReturnValue:
    """Tell that the process answers."""
    return jsonify(status="ok")


def ready() -> ResponseReturnValue:
    """Tell that the database answers and has the newest shape's tables."""
    session.execute(text("SELECT 1 FROM station LIMIT 1"))
    return jsonify(status="ready")
