"""A slip as a picture, and the picture as a printer takes it.

Printers know Chinese characters in fonts of their own, or not at all; a picture is always right.
"""

import os
import subprocess
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import qrcode
from PIL import Image, ImageDraw, ImageFont

from kiosk.printing.models import NARROW

# Its own table of printers takes half a second to read, and a picture needs nothing of it.
os.environ.setdefault("ESCPOS_CAPABILITIES_FILE", str(Path(__file__).with_name("printers.json")))

from escpos.printer import Dummy

_NOT_FIRST = set("，。、；：！？）》」』”’%,.;:!?)")
_INK = 150
_MARGIN = 8
_FIND = ("fc-match", "--format", "%{file}\t%{index}\t%{lang}")
# Quiet modules around a QR code, and how wide it is on the slip.
_QUIET = 4
_LARGE = 60
_CUTS = {"paperPartCut": True, "paperFullCut": True}
_CODE_PART = 0.62


class NoFontError(Exception):
    """There is no font with Chinese characters on this machine."""


@dataclass(frozen=True)
class Words:
    """A paragraph; `size` is in dots on paper of 58 mm."""

    text: str
    size: int = 24
    is_bold: bool = False
    is_centered: bool = True


@dataclass(frozen=True)
class Code:
    """A QR code of an address."""

    text: str


@dataclass(frozen=True)
class Tear:
    """A dashed line."""


Piece = Words | Code | Tear


def draw(pieces: list[Piece], dots: int, font: str = "") -> Image.Image:
    """Return a slip as a picture of one bit, `dots` wide and as high as it needs.

    `font` is the file of a font with Chinese characters; without it one is looked for.

    Raises:
        NoFontError: there is none.

    """
    parts = [_drawn(piece, dots, font) for piece in pieces]
    slip = Image.new("L", (dots, sum(part.height for part in parts) + 2 * _MARGIN), 255)
    top = _MARGIN
    for part in parts:
        slip.paste(part, ((dots - part.width) // 2, top))
        top += part.height
    return slip.point(lambda ink: 255 if ink > _INK else 0).convert("1")


def encoded(image: Image.Image) -> bytes:
    """Return the bytes that make an ESC/POS printer print a picture and cut the paper."""
    printer = Dummy()
    # What it knows of models is about their characters; a picture needs the paper's width alone.
    printer.profile.profile_data = {"media": {"width": {"pixels": image.width}}, "features": _CUTS}
    printer.hw("INIT")
    printer.image(image, impl="bitImageRaster", center=False)
    printer.cut("PART")
    return bytes(printer.output)


def has_font(font: str = "") -> bool:
    """Tell whether slips can be drawn here."""
    try:
        face(font, 24, is_bold=False)
    except NoFontError:
        return False
    return True


def _drawn(piece: Piece, dots: int, font: str) -> Image.Image:
    match piece:
        case Words():
            return _paragraph(piece, dots, font)
        case Code():
            return code_of(piece.text, dots)
        case Tear():
            tear = Image.new("L", (dots, 24 * dots // NARROW), 255)
            for left in range(0, dots, 12):
                ImageDraw.Draw(tear).line(
                    (left, tear.height // 2, left + 5, tear.height // 2), 0, 2
                )
            return tear


def _paragraph(words: Words, dots: int, file: str) -> Image.Image:
    size = words.size * dots // NARROW
    font = face(file, size, is_bold=words.is_bold)
    lines = lines_of(words.text, font, dots - 2 * _MARGIN)
    if words.is_centered:
        lines = _even(words.text, lines, font)
    step = size * (27 if len(lines) > 1 or words.size < _LARGE else 23) // 20
    picture = Image.new("L", (dots, step * len(lines)), 255)
    pen = ImageDraw.Draw(picture)
    for row, line in enumerate(lines):
        left = (dots - font.getlength(line)) / 2 if words.is_centered else _MARGIN
        pen.text((left, step * row + step / 2), line, 0, font, "lm")
    return picture


def lines_of(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break a text into lines: between Chinese characters anywhere, else between words."""
    lines = [""]
    for word in _unbroken(text):
        if word == "\n":
            lines.append("")
        elif font.getlength((lines[-1] + word).rstrip()) <= width or not lines[-1]:
            lines[-1] += word
        else:
            lines.append(word.lstrip())
    return [line.rstrip() for line in lines]


def _even(text: str, lines: list[str], font: ImageFont.FreeTypeFont) -> list[str]:
    """Make lines about equally long, where there are several of one paragraph."""
    width = int(sum(font.getlength(line) for line in lines) / len(lines))
    while len(even := lines_of(text, font, width)) > len(lines):
        width += int(font.size) // 2
    return even


def _unbroken(text: str) -> list[str]:
    """Return the pieces of a text that stay together, with the punctuation after them."""
    pieces: list[str] = []
    for sign in text.replace("\r", ""):
        before = pieces[-1] if pieces else ""
        is_apart = sign in "\n " or _is_wide(sign) or before[-1:] in ("", " ", "\n")
        joins = sign in _NOT_FIRST or sign == " " or not (is_apart or _is_wide(before[-1]))
        if pieces and joins and before != "\n":
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def code_of(text: str, dots: int) -> Image.Image:
    """Return a QR code with its quiet zone, at most so many dots wide as a slip gives it."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make()
    modules = code.get_matrix()
    side = len(modules) + 2 * _QUIET
    small = Image.new("L", (side, side), 255)
    for row, line in enumerate(modules):
        for column, is_dark in enumerate(line):
            if is_dark:
                small.putpixel((column + _QUIET, row + _QUIET), 0)
    scale = max(3, int(dots * _CODE_PART) // side)
    return small.resize((side * scale, side * scale), Image.Resampling.NEAREST)


@lru_cache(maxsize=32)
def face(file: str, size: int, *, is_bold: bool) -> ImageFont.FreeTypeFont:
    """Return a font with Chinese characters, of so many dots.

    Raises:
        NoFontError: there is none.

    """
    path, index = (file, 0) if file else _found(is_bold=is_bold)
    try:
        return ImageFont.truetype(path, size, index)
    except OSError as error:
        raise NoFontError(path) from error


def _found(*, is_bold: bool) -> tuple[str, int]:
    """Ask fontconfig for a font with simplified Chinese characters."""
    wanted = "sans-serif:lang=zh-cn" + (":bold" if is_bold else "")
    try:
        answer = subprocess.run(  # noqa: S603 - our own words
            [*_FIND, wanted], capture_output=True, text=True, timeout=5, check=True
        ).stdout.split("\t")
    except (OSError, subprocess.SubprocessError) as error:
        raise NoFontError("fontconfig") from error
    if len(answer) < len(_FIND) or not Path(answer[0]).is_file() or "zh-cn" not in answer[2]:
        raise NoFontError("fontconfig")
    return answer[0], int(answer[1] or 0)
