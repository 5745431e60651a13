"""What every page shares: its frame, language, static addresses, QR codes, words for times."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import qrcode
from flask import Flask, current_app, render_template, request, session, url_for
from flask_babel import Babel, gettext
from markupsafe import Markup
from qrcode.image.svg import SvgPathFillImage

from kiosk import access, clock
from kiosk.catalog.marks import marked
from kiosk.config import ROOT, Config
from kiosk.refusal import Refusal
from kiosk.stations.models import Station

LANGUAGES = ("zh", "en")
T = TypeVar("T")


def register(app: Flask) -> None:
    """Give templates the globals and filters that they share."""
    Babel(app, locale_selector=language)
    app.before_request(_choose_language)
    app.context_processor(_shared)
    app.jinja_env.globals.update(
        static_url=static_url, qr=qr, idempotency_key=lambda: secrets.token_urlsafe(16)
    )
    app.jinja_env.filters.update(name=name, said=said, clock=wall_clock, marked=marked)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def language() -> str:
    """Return the page's language: Chinese until somebody chooses another."""
    chosen = session.get("lang")
    return chosen if chosen in LANGUAGES else "zh"


def _choose_language() -> None:
    chosen = request.args.get("lang")
    if chosen in LANGUAGES and chosen != language():
        session["lang"] = chosen


def _shared() -> dict[str, Any]:
    lang = language()
    return {
        "lang": lang,
        "other_lang": "en" if lang == "zh" else "zh",
        "device": access.device(),
        "worker": access.worker(),
        "now": clock.local(clock.now(), "Asia/Shanghai"),
    }


def station_page(
    template: str,
    station: Station,
    refusal: Refusal | None = None,
    *,
    is_phone: bool = False,
    **context: Any,  # noqa: ANN401 - a template's
) -> str:
    """Render a visitors' page of a station; a refusal is shown in words.

    `is_phone` says that the page is made for phones, even where a kiosk asks for it.
    """
    return render_template(
        f"kiosk/{template}.html",
        station=station,
        kiosk=not is_phone and access.is_kiosk(station),
        now=now_at(station),
        refusal=refusal_words(refusal) if refusal else "",
        **context,
    )


def refusal_words(refusal: Refusal) -> str:
    """Return why something was refused, in the page's language."""
    return str(gettext(refusal.words, **refusal.values))


def now_at(station: Station) -> datetime:
    """Return this moment on the station's wall clock."""
    return clock.local(clock.now(), station.timezone)


def public_url(path: str) -> str:
    """Return the address that phones reach, for a path of ours."""
    config: Config = current_app.extensions["config"]
    return (config.public_url or f"{request.scheme}://{request.host}") + path


def scanned_url(path: str) -> str:
    """Return the address that a phone scans off a page, to go on in the page's language."""
    mark = "&" if "?" in path else "?"
    return public_url(path if language() == LANGUAGES[0] else f"{path}{mark}lang={language()}")


def presence_url(station: Station) -> str | None:
    """Return the address that a phone scans off this kiosk now; None where no kiosk asks."""
    if not access.is_kiosk(station):
        return None
    return scanned_url(url_for("home.show", station=station.code, at=access.presence_code(station)))


def static_url(path: str) -> str:
    """Return a static file's address, with a mark that changes when the file does."""
    return url_for("static", filename=path, v=_mark(path))


@lru_cache
def _mark(path: str) -> str | None:
    file = ROOT / "static" / path
    return f"{file.stat().st_mtime_ns:x}"[-8:] if file.is_file() else None


@lru_cache(maxsize=64)
def qr(text: str) -> Markup:
    """Return a QR code as inline SVG, black on white, with its quiet zone of four modules."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    svg = code.make_image(image_factory=SvgPathFillImage).to_string(encoding="unicode")
    return Markup(svg.replace("<svg ", '<svg class="qr" aria-hidden="true" ', 1))  # noqa: S704 - ours


def part_of(rows: Sequence[T], size: int) -> tuple[Sequence[T], int, int]:
    """Return the rows of the page that is asked for, its number, and how many pages there are."""
    pages = max(1, -(-len(rows) // size))
    page = min(max(request.args.get("page", 1, int), 1), pages)
    return rows[(page - 1) * size : page * size], page, pages


def name(thing: Any) -> str:  # noqa: ANN401 - a station, a service, a queue …
    """Return a thing's name in the page's language, or in Chinese where it has no other."""
    return (getattr(thing, f"name_{language()}", "") or thing.name_zh) if thing else ""


def said(text: Any) -> str:  # noqa: ANN401 - anything with zh and en
    """Return a text of the catalog in the page's language."""
    return str(getattr(text, language())) if text else ""


def wall_clock(moment: datetime | str, timezone: str = "Asia/Shanghai") -> str:
    """Return a moment, or its ISO text, as `10:42` on the station's clock."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return clock.local(at, timezone).strftime("%-H:%M")
