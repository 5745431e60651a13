"""What goes wrong, said to whoever asked: a page in words, or problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, ServiceUnavailable, TooManyRequests

from kiosk import access
from kiosk.access import SignInFirst
from kiosk.pages import refusal_words
from kiosk.refusal import Refusal
from kiosk.stations.queries import find_station, station_of


def register(app: Flask) -> None:
    """Show every refusal and every failure through this module."""
    app.register_error_handler(SignInFirst, _sign_in_first)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(ValidationError, _invalid)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(HTTPException, _failed)


def is_program() -> bool:
    """Tell whether the answer goes to a program."""
    return request.path.startswith(("/api/", "/metrics"))


def _problem(status: int, code: str, detail: str, **more: Any) -> Response:  # noqa: ANN401 - JSON
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    response = jsonify(body)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def _refused(refusal: Refusal) -> ResponseReturnValue:
    words = refusal_words(refusal)
    if is_program():
        return _problem(refusal.status, refusal.code, words, **refusal.more)
    return _refusal_page(words, refusal.code), refusal.status


def _sign_in_first(refusal: SignInFirst) -> ResponseReturnValue:
    if is_program():
        return _refused(refusal)
    if request.headers.get("HX-Request"):
        return "", HTTPStatus.UNAUTHORIZED, {"HX-Redirect": url_for(refusal.page)}
    come_back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(refusal.page, next=come_back))


def _invalid(error: ValidationError) -> ResponseReturnValue:
    fields = [
        {"field": ".".join(map(str, detail["loc"])), "detail": detail["msg"]}
        for detail in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    words = gettext("Something in the request is missing or not right.")
    if is_program():
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "request.invalid", words, errors=fields)
    return _refusal_page(words, "request.invalid"), HTTPStatus.UNPROCESSABLE_ENTITY


def _forged(_error: CSRFError) -> ResponseReturnValue:
    return _refused(
        Refusal(
            "request.forged",
            "This page was open too long. Go back, reload it, and try again.",
            HTTPStatus.BAD_REQUEST,
        )
    )


def _busy(error: OperationalError) -> ResponseReturnValue:
    """Say that the database did not answer; whatever was begun is undone."""
    current_app.logger.error("database: %s", error.orig)
    return _failed(ServiceUnavailable())


def _failed(error: HTTPException) -> ResponseReturnValue:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status < HTTPStatus.BAD_REQUEST:
        return error
    words = str(_WORDS.get(status, _WORDS[500]))
    if is_program():
        answer = _problem(status, f"request.{_CODES.get(status, 'failed')}", words)
    else:
        page = render_template("errors/error.html", status=status, words=words, **_place())
        answer = Response(page, status)
    if isinstance(error, TooManyRequests):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _refusal_page(words: str, code: str) -> str:
    return render_template(
        "errors/refusal.html",
        title=gettext("Not like this"),
        words=words,
        code=code,
        **_place(),
    )


def _place() -> dict[str, Any]:
    """Return the station at whose address something went wrong; anywhere else a kiosk's own."""
    if request.path.startswith("/admin/"):
        return {"next_url": "/admin/", "next_label": gettext("To the overview")}
    code = (request.view_args or {}).get("station")
    paired = access.device() if request.url_rule is None else None
    station = find_station(code) if code else station_of(paired.station_id) if paired else None
    return {"station": station, "kiosk": station is not None and access.is_kiosk(station)}


_CODES = {
    400: "malformed",
    404: "unknown",
    405: "method",
    413: "too_large",
    415: "not_json",
    422: "invalid",
    429: "too_many",
    500: "broken",
    503: "busy",
}

_WORDS = {
    400: lazy_gettext("This request is not complete. Go back and try again."),
    403: lazy_gettext("This is not open to you."),
    404: lazy_gettext("There is nothing at this address."),
    405: lazy_gettext("This address does not do that."),
    413: lazy_gettext("That is too much at once. Send less."),
    415: lazy_gettext("Send JSON, please."),
    422: lazy_gettext("Something in the request is missing or not right."),
    429: lazy_gettext("Too many tries. Wait a minute, then try again."),
    500: lazy_gettext(
        "Something broke on our side. Nothing was lost. Try again, or ask at a counter."
    ),
    503: lazy_gettext("The station's memory does not answer. Try again in a moment."),
}
