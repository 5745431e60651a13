"""CSV and XLSX files: bytes → records with their line, and back.

Files come from other people's machines. Nothing in them is run, nothing is unpacked beyond
what fits, and what is written can be opened in a spreadsheet without running a formula.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from kiosk.catalog.models import Service
from kiosk.catalog.sheet import COLUMNS, NATIONAL, WrongFile, WrongRow, row_of
from kiosk.refusal import say

MOST_ROWS = 20_000
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
BROKEN = say("the file is broken; open it in a spreadsheet and save it anew")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

ENDINGS = (".csv", ".xlsx")
UNKNOWN_ENDING = say("only .csv and .xlsx files are read; save it as one of these")
# Spreadsheets leave empty columns at the right; what is beyond is looked at no more.
MOST_COLUMNS = 64
_FIRST_SHEET = "xl/worksheets/sheet1.xml"
_PIECE = 1024 * 1024

Record = tuple[int, dict[str, str]] | WrongRow


@dataclass
class Progress:
    """How far a file is read; whoever watches may want it no more."""

    rows: int = 0
    expected: int | None = None
    is_unwanted: bool = False


class Unwanted(Exception):
    """A file whose reading was given up."""


def read(name: str, data: bytes, progress: Progress | None = None) -> Iterator[Record]:
    """Return the records of a file by its name's ending; raise WrongFile on one that is broken."""
    told = progress or Progress()
    if name.lower().endswith(".xlsx"):
        return _records(_xlsx_lines(data, told), told)
    if name.lower().endswith(".csv"):
        return _records(_csv_lines(data, told), told)
    raise WrongFile.of(WrongRow(1, UNKNOWN_ENDING))


def write_csv(services: Iterable[Service]) -> bytes:
    """Return services as CSV with a byte order mark, which spreadsheets need to see UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(NATIONAL.values())
    writer.writerows(_cells(service) for service in services)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(services: Iterable[Service]) -> bytes:
    """Return services as an XLSX file with one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("事项")
    sheet.append(list(NATIONAL.values()))
    for service in services:
        sheet.append(_cells(service))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cells(service: Service) -> list[str]:
    return [guarded(text) for text in _texts(service)]


def guarded(text: str) -> str:
    """Return a cell that a spreadsheet shows and does not run."""
    return f"'{text}" if _is_formula(text) else text


def _texts(service: Service) -> Sequence[str]:
    return list(row_of(service).record.values())


def _is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would run it, or whether it was kept from that already."""
    return text.lstrip("'").startswith(_FORMULA)


def _plain(text: str) -> str:
    """Undo the apostrophe before what a spreadsheet would take for a formula."""
    return text[1:] if text.startswith("'") and _is_formula(text) else text


def _records(lines: Iterator[tuple[int, list[str]]], progress: Progress) -> Iterator[Record]:
    line, cells = next(lines, (1, []))
    header = _header(line, cells)
    width = len(header)
    for line, cells in lines:
        progress.rows += 1
        if progress.is_unwanted:
            raise Unwanted
        if progress.rows > MOST_ROWS:
            raise WrongFile.of(
                WrongRow(line, "more than %(most)s rows; split the file", most=MOST_ROWS)
            )
        if not any(cells):
            continue
        found = cells[:width] if not any(cells[width:]) else cells
        if len(found) != width:
            yield WrongRow(line, "the number of columns differs from the header's")
        else:
            yield line, dict(zip(header, map(_plain, found), strict=True))


def _header(line: int, cells: list[str]) -> list[str]:
    """Return the columns' names; raise WrongFile where one is missing, unknown or there twice."""
    named = [cell.strip() for cell in cells]
    while named and not named[-1]:
        named.pop()
    if not named:
        raise WrongFile.of(WrongRow(line, "the file has no rows"))
    header = [COLUMNS.get(name, name) for name in named]
    wrong = [
        WrongRow(line, "%(column)s: this column is unknown", column=name)
        for name, column in zip(named, header, strict=True)
        if column not in NATIONAL
    ]
    wrong += [
        WrongRow(line, "%(column)s: the column is missing", column=f"{national} ({column})")
        for column, national in NATIONAL.items()
        if column not in header
    ]
    wrong += [
        WrongRow(line, "%(column)s: the column stands there twice", column=NATIONAL[column])
        for column in dict.fromkeys(header)
        if column in NATIONAL and header.count(column) > 1
    ]
    if wrong:
        raise WrongFile(wrong)
    return header


def _csv_lines(data: bytes, progress: Progress) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongFile.of(WrongRow(1, "the file is not UTF-8; save it as UTF-8")) from error
    progress.expected = max(text.count("\n") - 1, 1)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        words = WrongRow(reader.line_num, "the file is broken here: %(why)s", why=str(error))
        raise WrongFile.of(words) from error


def _xlsx_lines(data: bytes, progress: Progress) -> Iterator[tuple[int, list[str]]]:
    _refuse_dangerous(data)
    progress.expected = _rows_in(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)
        for line, cells in enumerate(rows, 1):
            yield line, [_cell(cell) for cell in cells]
    except WrongFile:
        raise
    except (InvalidFileException, KeyError, ValueError, IndexError, zipfile.BadZipFile) as error:
        raise WrongFile.of(WrongRow(1, BROKEN)) from error


def _refuse_dangerous(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            size = sum(part.file_size for part in parts.infolist())
            names = parts.namelist()
    except zipfile.BadZipFile as error:
        raise WrongFile.of(WrongRow(1, BROKEN)) from error
    if size > MOST_UNPACKED_BYTES:
        raise WrongFile.of(
            WrongRow(1, "the file is far larger inside than outside; it was not opened")
        )
    if any("vba" in name.lower() for name in names):
        raise WrongFile.of(WrongRow(1, "the file holds macros; save it as .xlsx without them"))


def _rows_in(data: bytes) -> int | None:
    """Count a file's rows roughly, which it need not say itself; None where that is not easy."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if _FIRST_SHEET not in parts.namelist():
            return None
        with parts.open(_FIRST_SHEET) as sheet:
            pieces = iter(lambda: sheet.read(_PIECE), b"")
            return max(sum(piece.count(b"<row ") for piece in pieces) - 1, 1)


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    if value is None:
        return ""
    if isinstance(value, datetime) and value == datetime.combine(value.date(), time()):
        return value.date().isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
