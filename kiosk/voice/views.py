"""The pieces of speech, for the browsers that speak them."""

from flask import Response, current_app, request

from kiosk.config import Config
from kiosk.stations.queries import get_station
from kiosk.voice.actions import unknown
from kiosk.voice.phrases import Language
from kiosk.voice.queries import find_made, find_recording

KEPT = "public, max-age=31536000, immutable"


def piece(station: str, language: str, name: str) -> Response:
    """Hand out one piece: the station's own recording, or the one made ahead of time."""
    if language not in set(Language):
        raise unknown()
    spoken = Language(language)
    config: Config = current_app.extensions["config"]
    own = find_recording(get_station(station).id, spoken, name)
    data = own.data if own else find_made(config.data_dir, spoken, name)
    if data is None:
        raise unknown()
    response = Response(data, content_type=own.kind if own else "audio/wav")
    if request.args.get("v"):
        response.headers["Cache-Control"] = KEPT
    return response
