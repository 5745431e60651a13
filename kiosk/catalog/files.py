"""CSV and XLSX files: bytes → records with their line, and back.

Files come from other people's machines. Nothing in them is run, nothing is unpacked beyond
what fits, and what is written can be opened in a spreadsheet without running a formula.
"""

import csv
import io
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from kiosk.catalog.models import Service
from kiosk.catalog.sheet import NATIONAL, WrongFile, WrongRow, row_of
from kiosk.refusal import say

MOST_ROWS = 20_000
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
BROKEN = say("the file is broken; open it in a spreadsheet and save it anew")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Record = tuple[int, dict[str, str]] | WrongRow


def read(name: str, data: bytes) -> Iterator[Record]:
    """Return the records of a file by its name's ending; raise WrongFile on one that is broken."""
    if name.lower().endswith(".xlsx"):
        return _records(_xlsx_lines(data))
    if name.lower().endswith(".csv"):
        return _records(_csv_lines(data))
    raise WrongFile.of(WrongRow(1, "only .csv and .xlsx files are read; save it as one of these"))


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
    return [f"'{text}" if text.startswith(_FORMULA) else text for text in _texts(service)]


def _texts(service: Service) -> Sequence[str]:
    return list(row_of(service).record.values())


def _plain(text: str) -> str:
    """Undo the apostrophe before what a spreadsheet would take for a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _records(lines: Iterator[tuple[int, list[str]]]) -> Iterator[Record]:
    _line, header = next(lines, (1, []))
    width = len(header)
    for count, (line, cells) in enumerate(lines, 1):
        if count > MOST_ROWS:
            raise WrongFile.of(
                WrongRow(line, "more than %(most)s rows; split the file", most=MOST_ROWS)
            )
        if count % 200 == 0:
            time.sleep(0)  # lets other requests have their turn
        if not any(cells):
            continue
        if len(cells) != width:
            yield WrongRow(line, "the number of columns differs from the header's")
        else:
            yield line, dict(zip(header, map(_plain, cells), strict=True))


def _csv_lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongFile.of(WrongRow(1, "the file is not UTF-8; save it as UTF-8")) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        words = WrongRow(reader.line_num, "the file is broken here: %(why)s", why=error)
        raise WrongFile.of(words) from error


def _xlsx_lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    _refuse_dangerous(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True, max_col=len(NATIONAL))
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


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
