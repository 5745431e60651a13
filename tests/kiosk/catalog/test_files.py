"""Files of services: what is written is read again as it was; what is wrong is said once."""

import io

import pytest
from openpyxl import load_workbook

from kiosk.catalog import files
from kiosk.catalog.models import Category, Delivery, Domain, Service
from kiosk.catalog.sheet import (
    COLUMNS,
    MOST_WRONG,
    NATIONAL,
    Checked,
    ServiceRow,
    WrongFile,
    check,
    row_of,
)
from kiosk.setup import CATALOG

README = CATALOG.read_text(encoding="utf-8").splitlines()[0].split(",")
ODD = [
    '=HYPERLINK("x")',
    "'=already kept from running",
    "''=twice",
    "-1+2",
    "@x",
    "'plain apostrophe",
    "0071",
    "1.0",
    "2026-11-20",
    "TRUE",
    'comma, "quote" and ；semicolon',
    "emoji 🧧 and 𠮷",
    "<b>&amp;</b>",
    "a  b",
    "\u200bzero width",
    "_x000D_",
]


def service(number: int, text: str) -> Service:
    group = Category(code="ZZ-01", domain=Domain.SOCIAL, name_zh="试验", name_en="Trials")
    return Service(
        code=f"ZZ-01{number:02}",
        category=group,
        name_zh=text,
        name_en=text,
        department=text,
        audience="个人",
        item_type=text,
        delivery=Delivery.STATION,
        legal_days=None,
        promised_days=0,
        fee=None,
        on_site_visits=1,
        keywords=[text, "别名"],
        source=text,
    )


def again(rows: list[ServiceRow]) -> list[Service]:
    return [service(int(row.code[-2:]), row.name_zh) for row in rows]


WRITE = {"csv": files.write_csv, "xlsx": files.write_xlsx}


def cells(kind: str, data: bytes) -> object:
    if kind == "csv":
        return data
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_equals_import(kind: str) -> None:
    services = [service(number, text) for number, text in enumerate(ODD)]
    data = WRITE[kind](services)
    progress = files.Progress()
    checked = check(files.read(f"a.{kind}", data, progress))
    assert (progress.rows, progress.expected) == (len(ODD), len(ODD))
    assert checked.wrong == []
    assert [row.record for row in checked.rows] == [row_of(s).record for s in services]
    assert cells(kind, WRITE[kind](again(checked.rows))) == cells(kind, data)


def test_csv_says_that_it_is_utf_8() -> None:
    assert files.write_csv([]).startswith(b"\xef\xbb\xbf" + "地方编码,事项名称".encode())


@pytest.mark.parametrize("header", [README, list(NATIONAL.values()), list(NATIONAL)[::-1]])
def test_both_headers_are_read_in_any_order(header: list[str]) -> None:
    record = row_of(service(1, "试一试")).record
    names = [COLUMNS.get(name, name) for name in header]
    lines = [",".join(header) + ",,", ",".join(record[name] for name in names) + ",,"]
    [row] = read("\n".join(lines)).rows
    assert row.record == record


def test_readme_s_columns_are_the_catalog_s() -> None:
    assert list(NATIONAL) == README


def read(text: str) -> Checked:
    return check(files.read("a.csv", text.encode()))


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (README[:-1], ["来源 (source): the column is missing"]),
        ([*README, "phone"], ["phone: this column is unknown"]),
        ([*README, "来源"], ["来源: the column stands there twice"]),
    ],
)
def test_wrong_header_is_said_once(header: list[str], words: list[str]) -> None:
    with pytest.raises(WrongFile) as caught:
        read(",".join(header) + "\n" + "x,\n" * 500)
    assert [row.words % row.values for row in caught.value.rows] == words


def test_reading_stops_where_too_much_is_wrong() -> None:
    with pytest.raises(WrongFile) as caught:
        read(",".join(README) + "\n" + ("x" + "," * 15 + "\n") * 5000)
    assert MOST_WRONG < len(caught.value.rows) < MOST_WRONG + 20


def test_line_break_in_a_cell_is_refused() -> None:
    [wrong] = read(",".join(README) + "\n" + line('"two\nlines"')).wrong
    assert "one line" in wrong.words


def line(source: str) -> str:
    record = row_of(service(1, "试一试")).record
    return ",".join([*list(record.values())[:-1], source]) + "\n"


def test_reading_ends_when_nobody_wants_it() -> None:
    progress = files.Progress()
    records = files.read("a.csv", (",".join(README) + "\n" + line("x") * 9).encode(), progress)
    next(records)
    assert (progress.rows, progress.expected) == (1, 9)
    progress.is_unwanted = True
    with pytest.raises(files.Unwanted):
        next(records)
