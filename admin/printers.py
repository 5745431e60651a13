"""The printer of a kiosk: how it is reached, and whether a test comes out."""

from typing import Annotated, Any, Literal

from flask import Response, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import AfterValidator, BaseModel

from admin.access import note_change, page, station
from admin.devices import my_device
from admin.forms import Line
from kiosk import clock
from kiosk.db import transaction
from kiosk.pages import language, public_url
from kiosk.printing import actions
from kiosk.printing.models import NARROW, WIDE, PrinterKind
from kiosk.printing.press import press
from kiosk.printing.queries import find_printer, latest_jobs
from kiosk.printing.raster import has_font
from kiosk.refusal import NotFound, Refusal
from kiosk.stations.models import Device, DeviceKind

SHOWN = 10
# Millimetres of paper by the dots of a line.
WIDTHS = {NARROW: 58, WIDE: 80}


def _paper_width(dots: int) -> int:
    if dots not in WIDTHS:
        raise ValueError("paper is 58 or 80 mm wide")
    return dots


class PrinterForm(BaseModel):
    """How a kiosk's printer is reached, and how wide its paper is; or that there is none."""

    kind: PrinterKind | Literal[""] = ""
    address: Line = ""
    dots: Annotated[int, AfterValidator(_paper_width)] = WIDE


def show(device: int) -> Response:
    """Show a kiosk's printer, and how its latest slips went."""
    return _form(_kiosk(device))


def save(device: int, body: PrinterForm) -> ResponseReturnValue:
    """Give a kiosk a printer, or take it away."""
    kiosk = _kiosk(device)
    try:
        with transaction():
            if body.kind:
                actions.set_up(kiosk, body.kind, body.address, body.dots)
            else:
                actions.take_away(kiosk, at=clock.now())
            note_change("printers.set_up", kiosk.name, body.kind)
    except Refusal as refusal:
        return _form(kiosk, refusal, body)
    return redirect(url_for("admin.printers.show", device=device), 303)


def test(device: int) -> ResponseReturnValue:
    """Print a slip that is nobody's."""
    kiosk = _kiosk(device)
    try:
        with transaction():
            _refuse_unready(kiosk)
            url = public_url(url_for("home.show", station=station().code))
            actions.ask(kiosk.id, None, language=language(), url=url, at=clock.now())
    except Refusal as refusal:
        return _form(kiosk, refusal)
    press.wake(kiosk.id)
    return redirect(url_for("admin.printers.show", device=device), 303)


def _refuse_unready(kiosk: Device) -> None:
    if not has_font(_font()):
        raise no_font()
    if find_printer(kiosk.id) is None:
        raise Refusal("printing.none", "Choose the printer first, and save it.")


def no_font() -> Refusal:
    """Return the refusal of a page that cannot be printed."""
    return Refusal(
        "printing.no_font",
        "The server has no font with Chinese characters, and prints nothing. Whoever runs it"
        " installs one (Noto Sans CJK), or names its file in SLIP_FONT.",
    )


def live(device: int) -> Response:
    """Show what changes, for the page that is open already."""
    return page("printers/_live", **_result(_kiosk(device)))


def _kiosk(device_id: int) -> Device:
    found = my_device(device_id)
    if found.kind is not DeviceKind.KIOSK:
        raise NotFound("devices.unknown", "There is no such device. Look at the list again.")
    return found


def _result(kiosk: Device) -> dict[str, Any]:
    return {
        "device": kiosk,
        "printer": find_printer(kiosk.id),
        "jobs": latest_jobs(station(), device_id=kiosk.id, limit=SHOWN),
    }


def _form(
    kiosk: Device, refusal: Refusal | None = None, body: PrinterForm | None = None
) -> Response:
    return page(
        "printers/show",
        refusal,
        has_font=has_font(_font()),
        widths=WIDTHS,
        form=body.model_dump() if body else {},
        **_result(kiosk),
    )


def _font() -> str:
    return str(current_app.extensions["config"].slip_font)
