"""What a slip says, in the visitor's language."""

from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import force_locale, gettext

from kiosk import clock
from kiosk.printing.models import SlipText
from kiosk.printing.raster import Code, Piece, Tear, Words
from kiosk.stations.models import Station
from kiosk.tickets.models import MissedRule, Queue


class Slip(NamedTuple):
    """A number as it is printed; `ahead` is None for who no longer waits."""

    number: str
    queue: Queue | None
    service_zh: str
    service_en: str
    ahead: int | None
    issued_at: datetime
    url: str
    is_repeat: bool = False


def pieces(
    slip: Slip, station: Station, own: SlipText | None, at: datetime, language: str
) -> list[Piece]:
    """Return what is drawn, from top to bottom; `own` are the station's words."""
    with force_locale(language):
        said = [*_head(slip, station, at, language), Tear(), Code(slip.url)]
        said += [Words(gettext("Scan the code, and take the number along on your phone."), 22)]
        said += [Tear(), Words(_what_to_do(slip.queue), 22, is_centered=False)]
    text = (own.text_en or own.text_zh) if own and language == "en" else own.text_zh if own else ""
    if text:
        said += [Words(text, 22, is_centered=False)]
    return [*said, Words(_stamp(slip.issued_at, station), 20)]


def _head(slip: Slip, station: Station, at: datetime, language: str) -> list[Piece]:
    is_english = language == "en"
    said: list[Piece] = [
        Words(station.name_en if is_english else station.name_zh, 26, is_bold=True)
    ]
    label = gettext("Your number, printed again") if slip.is_repeat else gettext("Your number")
    said += [Words(label, 22), Words(slip.number, 118, is_bold=True)]
    if service := (slip.service_en or slip.service_zh) if is_english else slip.service_zh:
        said += [Words(service, 26, is_bold=True)]
    if slip.queue:
        name = slip.queue.name_en if is_english else slip.queue.name_zh
        said += [
            Words(gettext("Queue %(letter)s: %(name)s", letter=slip.queue.letter, name=name), 22)
        ]
    if slip.ahead is not None:
        time = clock.local(at, station.timezone).strftime("%-H:%M")
        said += [
            Words(gettext("At %(time)s: %(count)s ahead of you", time=time, count=slip.ahead), 26)
        ]
    return said


def _what_to_do(queue: Queue | None) -> str:
    wait = gettext("Please take a seat. The big screen and your phone call you.")
    return f"{wait}\n{missed_rule(queue)}" if queue else wait


def missed_rule(queue: Queue) -> str:
    """Say what becomes of a number that was called while nobody came."""
    return str(_missed_rule(queue))


def _missed_rule(queue: Queue) -> Any:  # noqa: ANN401 - gettext carries no types
    match queue.missed_rule:
        case MissedRule.VOID:
            return gettext("A missed number is void: please take a new one.")
        case MissedRule.CALLS:
            return gettext(
                "If you miss your call, come back before %(count)s more numbers are called,"
                " and tell any member of staff.",
                count=queue.missed_limit,
            )
        case MissedRule.MINUTES:
            return gettext(
                "If you miss your call, come back within %(count)s minutes, and tell any member"
                " of staff.",
                count=queue.missed_limit,
            )


def _stamp(at: datetime, station: Station) -> str:
    return clock.local(at, station.timezone).strftime("%Y-%m-%d %-H:%M")
