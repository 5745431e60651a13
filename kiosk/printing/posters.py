"""Sheets of A4 as PDF: labels for places, and a poster with a QR code for a point.

Like slips they are pictures, 300 dots an inch: the paper shows the same whatever fonts the machine
that prints it has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from kiosk.printing.raster import code_of, face, lines_of

DPI = 300
PAGE = (2480, 3508)
# Sheets of labels as shops sell them: three by eight, 70 × 37 mm, without a margin.
COLUMNS, ROWS = 3, 8
_INK = 128
_PAD = 70
_LABEL = (PAGE[0] // COLUMNS, PAGE[1] // ROWS)


@dataclass(frozen=True)
class Label:
    """A place's label: what people read, what a scanner reads, and a line below."""

    words: str
    note: str
    code: str


@dataclass(frozen=True)
class Poster:
    """A point's poster: its code, lines from large to small, the address to scan, lines below."""

    title: str
    lines: Sequence[str]
    address: str
    steps: Sequence[str]
    foot: str


def labels(wanted: Sequence[Label], font: str = "") -> bytes:
    """Return sheets of labels as PDF.

    Raises:
        NoFontError: there is no font with Chinese characters.

    """
    size = COLUMNS * ROWS
    return _pdf(
        [_label_page(wanted[at : at + size], font) for at in range(0, len(wanted), size)]
        or [_blank()]
    )


def poster(wanted: Poster, font: str = "") -> bytes:
    """Return a poster as PDF.

    Raises:
        NoFontError: there is no font with Chinese characters.

    """
    sheet = _blank()
    pen = ImageDraw.Draw(sheet)
    top = _write(pen, [wanted.title], 300, 180, font, is_bold=True)
    top = _write(pen, wanted.lines, 92, top, font)
    code = _fitted(wanted.address, 1400)
    sheet.paste(code, ((PAGE[0] - code.width) // 2, top + 30))
    top = _write(pen, wanted.steps, 80, top + code.height + 40, font, is_bold=True)
    _write(pen, [wanted.foot], 62, max(top + 30, PAGE[1] - 240), font)
    return _pdf([sheet])


def _label_page(wanted: Sequence[Label], font: str) -> Image.Image:
    sheet = _blank()
    pen = ImageDraw.Draw(sheet)
    for nth, label in enumerate(wanted):
        left, top = nth % COLUMNS * _LABEL[0], nth // COLUMNS * _LABEL[1]
        code = _fitted(label.code, _LABEL[1] - 2 * _PAD)
        sheet.paste(code, (left + _PAD // 2, top + (_LABEL[1] - code.height) // 2))
        room = _LABEL[0] - code.width - 2 * _PAD
        at = left + code.width + _PAD // 2
        words = face(font, _size(label.words, room, font), is_bold=True)
        pen.text((at, top + _LABEL[1] // 2 - 30), label.words, 0, words, "lm")
        note = face(font, 40, is_bold=False)
        line = lines_of(label.note, note, room)[0]
        pen.text((at, top + _LABEL[1] // 2 + 66), line, 0, note, "lm")
    return sheet


def _size(words: str, room: int, font: str) -> int:
    """Return the largest size, in dots, at which words fit into a line."""
    sizes = range(120, 40, -4)
    return next(
        (size for size in sizes if face(font, size, is_bold=True).getlength(words) <= room), 40
    )


def _write(
    pen: ImageDraw.ImageDraw,
    paragraphs: Sequence[str],
    size: int,
    top: int,
    font: str,
    *,
    is_bold: bool = False,
) -> int:
    """Write paragraphs in the middle of the page; returns where the next may begin."""
    letters = face(font, size, is_bold=is_bold)
    for words in paragraphs:
        for line in lines_of(words, letters, PAGE[0] - 400):
            pen.text((PAGE[0] // 2, top + size // 2), line, 0, letters, "mm")
            top += size * 13 // 10
        top += size // 4
    return top


def _fitted(text: str, side: int) -> Image.Image:
    """Return a QR code that is at most so many dots wide, in whole dots a module."""
    small = code_of(text, 1)
    scale = 3
    modules = small.width // scale
    wide = modules * max(side // modules, scale)
    return small.resize((wide, wide), Image.Resampling.NEAREST)


def _blank() -> Image.Image:
    return Image.new("L", PAGE, 255)


def _pdf(sheets: Sequence[Image.Image]) -> bytes:
    plain = [
        sheet.point(lambda ink: 255 if ink > _INK else 0).convert("1", dither=Image.Dither.NONE)
        for sheet in sheets
    ]
    file = BytesIO()
    plain[0].save(file, "PDF", save_all=True, append_images=plain[1:], resolution=DPI)
    return file.getvalue()
