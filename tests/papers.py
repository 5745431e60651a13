"""PDFs made of pictures, read back: each page as what a printer gets."""

import re
import struct
from io import BytesIO

from PIL import Image

_PAGE = re.compile(
    rb"/Subtype /Image\s/Width (\d+)\s/Height (\d+).*?/Length (\d+)\s>>stream\s", re.DOTALL
)
_HEADER = 8
_SHORT, _LONG = 3, 4


def pages(pdf: bytes) -> list[Image.Image]:
    """Return the pages of a PDF whose pages are fax pictures (CCITT group 4)."""
    found = []
    for match in _PAGE.finditer(pdf):
        width, height, length = (int(figure) for figure in match.groups())
        found.append(_picture(pdf[match.end() : match.end() + length], width, height))
    return found


def _picture(fax: bytes, width: int, height: int) -> Image.Image:
    """Return a fax picture, by putting the head of a TIFF file before it."""
    tags = [
        (256, _LONG, width),
        (257, _LONG, height),
        (258, _SHORT, 1),
        (259, _SHORT, 4),
        (262, _SHORT, 1),
        (273, _LONG, _HEADER),
        (278, _LONG, height),
        (279, _LONG, len(fax)),
    ]
    head = struct.pack("<2sHI", b"II", 42, _HEADER + len(fax))
    rows = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    tail = struct.pack("<H", len(tags)) + rows + struct.pack("<I", 0)
    return Image.open(BytesIO(head + fax + tail)).convert("L")
