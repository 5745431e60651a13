"""The way to a printer that hangs on the server itself."""

from pathlib import Path

import pytest

from kiosk.printing import wire
from kiosk.printing.models import Failure, PrinterKind


def test_usb_printer_is_found_by_its_marks(tmp_path: Path) -> None:
    above = tmp_path / "devices/usb1/1-2"
    interface = above / "1-2:1.0"
    interface.mkdir(parents=True)
    (above / "idVendor").write_text("04b8\n")
    (above / "idProduct").write_text("0e15\n")
    port = tmp_path / "usbmisc/lp3"
    port.mkdir(parents=True)
    (port / "device").symlink_to(interface)
    target = wire.Target(PrinterKind.USB, "04B8:0E15", tmp_path, tmp_path / "usbmisc")
    assert wire.path_of(target) == Path("/dev/usb/lp3")
    with pytest.raises(wire.Failed) as failed:
        wire.deliver(target._replace(address="0000:0001"), b"", answers=False)
    assert failed.value.failure is Failure.UNREACHABLE
