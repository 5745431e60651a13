"""The measuring stick: a Flask app that does as little as it can, on the station's server.

POST /insert writes one row, GET /answer only answers, POST /broadcast sends every socket a text.
"""

from gevent import monkey

monkey.patch_all()

from flask import Flask, jsonify, request  # noqa: E402
from flask.typing import ResponseReturnValue  # noqa: E402
from flask_socketio import SocketIO  # noqa: E402
from sqlalchemy import Column, Integer, MetaData, String, Table, insert  # noqa: E402

from kiosk import db  # noqa: E402
from kiosk.config import Config  # noqa: E402
from kiosk.frames import WholeFrames  # noqa: E402

app = Flask(__name__)
engine = db.connect(Config.from_env().database)
rows = Table("bare", MetaData(), Column("id", Integer, primary_key=True), Column("word", String))
with engine.begin() as connection:
    rows.create(connection, checkfirst=True)
engine.dispose()

socketio = SocketIO(
    app, async_mode="gevent", transports=["websocket"], manage_session=False, ping_interval=25
)
socketio.on_event("watch", lambda _topics: None, namespace="/live")
app.wsgi_app = WholeFrames(app.wsgi_app)  # type: ignore[assignment, method-assign]
app.extensions["sweeper"] = lambda: None


@app.get("/healthz")
@app.get("/answer")
def answer() -> ResponseReturnValue:
    return jsonify(word="ok")


@app.post("/insert")
def write() -> ResponseReturnValue:
    sent = request.get_json()
    with engine.begin() as connection:
        db.lock(connection)
        made = connection.scalar(insert(rows).returning(rows.c.id), {"word": sent["queue"]})
    return jsonify(id=made), 201


@app.post("/broadcast")
def broadcast() -> ResponseReturnValue:
    sent = request.get_json()
    socketio.start_background_task(socketio.emit, "snapshot", sent, namespace="/live")
    return jsonify(sent=True)
