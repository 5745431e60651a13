"""create_app(): one Flask app out of a configuration and the faces it shows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from time import perf_counter
from typing import Any, Protocol

from flask import Flask, Response, current_app, g, jsonify, request
from flask.logging import default_handler
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from flask_wtf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from pydantic import BaseModel
from werkzeug.exceptions import (
    BadRequest,
    RequestEntityTooLarge,
    TooManyRequests,
    UnprocessableEntity,
)
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, IntegerConverter
from whitenoise import WhiteNoise

from kiosk import access, clock, db, errors, live, meters, pages, sockets
from kiosk.config import ROOT, Config
from kiosk.frames import WholeFrames
from kiosk.idempotency import Answer
from kiosk.log import Discreet
from kiosk.squeezed import Squeezed
from kiosk.tokens import DEVICE_COOKIE

LARGEST_REQUEST = 64 * 1024
LARGEST_NUMBER = 2**31 - 1  # that a column keeps


csrf = CSRFProtect()


@dataclass(frozen=True)
class Route:
    """One address: what it answers to, who may use it, what it takes and gives.

    `body` and `query` are the forms that the view gets checked, as its arguments of the same
    name. `answer` describes the JSON for programs; `limit` is how often one address may ask:
    `10 per minute`, paired devices too unless `spares_devices`; `largest` is how many bytes may be
    sent.
    """

    method: str
    rule: str
    view: Any
    needs: str
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: Any = None
    status: int = 200
    limit: str = ""
    spares_devices: bool = False
    largest: int = LARGEST_REQUEST

    @property
    def endpoint(self) -> str:
        """`home.show`, `api.tickets.take`, `admin.desk.show`: where the view stands."""
        parts = [*self.view.__module__.split("."), self.view.__name__]
        face, *rest = [part for part in parts if part != "views"]
        if "api" in rest:
            rest.remove("api")
            return ".".join(["api", *rest])
        return ".".join(rest if face == "kiosk" else [face, *rest])


class Words(BaseConverter):
    """A part of an address. No database keeps NUL in a text, so nothing is at such an address."""

    regex = r"[^/\0]+"
    part_isolating = True


class Number(IntegerConverter):
    """A number in an address, in the digits and the size that a column keeps."""

    regex = r"[0-9]{1,9}"


class Sessions(SecureCookieSessionInterface):
    """Flask's own signed cookies; the signer is made once instead of at each request."""

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the app's signer."""
        self._signer = self._signer or super().get_signing_serializer(app)
        return self._signer


class Face(Protocol):
    """A package's route table: its pages, and what else it adds to the app."""

    ROUTES: tuple[Route, ...]

    def register(self, app: Flask) -> None:
        """Add commands and whatever else the face brings."""


def create_app(config: Config, *faces: Face) -> Flask:
    """Return the app for a configuration, showing these faces."""
    app = Flask("kiosk", root_path=str(ROOT), static_folder="static", template_folder="templates")
    app.config.update(_flask_config(config))
    app.url_map.converters |= {"default": Words, "int": Number}
    app.session_interface = Sessions()
    app.extensions["config"] = config
    app.extensions["engine"] = db.connect(config.database)
    app.teardown_appcontext(lambda _error: db.session.remove())
    csrf.init_app(app)
    counts = storage_from_string(config.redis_url or "memory://")
    app.extensions["pace"] = FixedWindowRateLimiter(counts)
    Compress(app)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    default_handler.setFormatter(Discreet("[%(asctime)s] %(levelname)s %(message)s"))
    errors.register(app)
    pages.register(app)
    app.extensions["routes"] = [route for face in faces for route in face.ROUTES]
    for route in app.extensions["routes"]:
        _add(app, route)
    for face in faces:
        face.register(app)
    app.after_request(_harden)
    app.after_request(_measure)
    _serve(app, config)
    return app


def _flask_config(config: Config) -> dict[str, Any]:
    return {
        "SECRET_KEY": config.secret_key,
        "TESTING": config.is_testing,
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "SESSION_COOKIE_NAME": "session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "zh",
        "BABEL_TRANSLATION_DIRECTORIES": "kiosk/translations;admin/translations",
    }


def _add(app: Flask, route: Route) -> None:
    limit = parse(route.limit) if route.limit and not app.testing else None

    def view(**path: Any) -> ResponseReturnValue:  # noqa: ANN401 - parts of an address
        g.began = perf_counter()
        request.max_content_length = request.max_form_memory_size = route.largest
        _refuse_endless(route.largest)
        if limit is not None and not (route.spares_devices and access.device()):
            _refuse_too_many(limit, route.endpoint)
        _refuse_forged(route)
        access.require(route.needs, path.get("station"))
        _refuse_unkept(request.args.values())
        if not errors.is_program():
            files = (sent.filename for sent in request.files.values())
            _refuse_unkept([*request.form.values(), *files])
        if route.body is not None:
            path["body"] = _checked(route.body, _sent(route.body))
        if route.query is not None:
            path["query"] = _checked(route.query, request.args.to_dict())
        answer = route.view(**path)
        if isinstance(answer, Answer):
            return Response(answer.text, answer.status, mimetype="application/json")
        return answer if route.answer is None else (jsonify(answer), route.status)

    view.__doc__ = route.view.__doc__
    app.add_url_rule(route.rule, route.endpoint, view, methods=[route.method])


def _refuse_too_many(limit: RateLimitItem, endpoint: str) -> None:
    """Count by address and name, so that one clerk's tries do not lock out the whole office."""
    key = (endpoint, request.remote_addr or "", request.form.get("name", "")[:100])
    pace = current_app.extensions["pace"]
    if not pace.hit(limit, *key):
        again = pace.get_window_stats(limit, *key).reset_time - clock.now().timestamp()
        raise TooManyRequests(retry_after=ceil(again))


def _refuse_endless(largest: int) -> None:
    """Refuse what is sent without its length and is too long; Werkzeug would cut it off."""
    if "Transfer-Encoding" in request.headers and len(request.get_data()) >= largest:
        raise RequestEntityTooLarge


def _refuse_unkept(values: Iterable[object]) -> None:
    """Refuse what no column keeps: NUL in a text, and a number beyond 32 bits."""
    for value in values:
        if isinstance(value, list):
            _refuse_unkept(value)
        elif (isinstance(value, str) and "\0" in value) or (
            isinstance(value, int) and abs(value) > LARGEST_NUMBER
        ):
            raise UnprocessableEntity


def _checked(form: type[BaseModel], sent: dict[str, Any]) -> BaseModel:
    checked = form.model_validate(sent)
    _refuse_unkept(checked.__dict__.values())
    return checked


def _refuse_forged(route: Route) -> None:
    """Ask for the form's token wherever a cookie, and not a bearer token, speaks for somebody."""
    if route.method == "GET" or access.bearer() is not None:
        return
    speaks = request.cookies.keys() & {"session", DEVICE_COOKIE}
    if speaks or not errors.is_program():
        csrf.protect()


def _sent(form: type[BaseModel]) -> dict[str, Any]:
    if not errors.is_program():
        many = {
            name for name, field in form.model_fields.items() if "list" in str(field.annotation)
        }
        sent = request.form
        return {name: sent.getlist(name) if name in many else sent[name] for name in sent} | {
            name: [] for name in many - sent.keys()
        }
    sent = request.get_json() if request.get_data() else {}
    if not isinstance(sent, dict):
        raise BadRequest
    return sent


def _measure(response: Response) -> Response:
    if "began" in g:
        seconds = perf_counter() - g.began
        meters.request_ended(request.endpoint or "", response.status_code, seconds)
    return response


def _harden(response: Response) -> Response:
    host = request.host
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"font-src 'self'; media-src 'self'; connect-src 'self' ws://{host} wss://{host}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _serve(app: Flask, config: Config) -> None:
    """Lay what surrounds Flask around it: sockets, static files, whole frames, the proxy."""
    sockets.register(app, config)
    files = WhiteNoise(app.wsgi_app, root=ROOT / "static", prefix="static/", max_age=60)
    wsgi = WholeFrames(Squeezed(files))
    hops = config.trusted_proxies
    app.wsgi_app = ProxyFix(wsgi, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def in_app(app: Flask, compute: live.Compute) -> live.Compute:
    """Compute outside a request, with a database session of its own."""

    def run(topics: set[str], is_watched: Any) -> Iterator[live.Snapshot]:  # noqa: ANN401
        with app.app_context():
            yield from compute(topics, is_watched)

    return run
