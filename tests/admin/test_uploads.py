"""Import and export: a dry run first, then all or nothing; bad files change nothing."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta

import gevent
import pytest
import time_machine
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from kiosk.actor import OPERATOR
from kiosk.catalog import actions
from kiosk.catalog.models import Service, Upload
from kiosk.catalog.queries import get_upload
from kiosk.catalog.sheet import NATIONAL, Checked
from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.setup import CATALOG
from kiosk.staff.models import AuditEntry
from kiosk.staff.permissions import Role
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.pages import form_token, post

PAGE = "/admin/uploads"
HEADER, FIRST, *_ = CATALOG.read_text(encoding="utf-8").splitlines()
NEW = "ZZ-0101,试一试,A try,社会服务,试验,Trials,街道,个人,便民服务,站点办理,,5,免费,0,试|尝试,试验"


def manager(cast: Cast) -> FlaskClient:
    return cast.browser("zhou", Role.MANAGER)


def send(browser: FlaskClient, name: str, data: bytes) -> TestResponse:
    """Upload a file and wait until it is read; returns the page that shows what it would do."""
    answer = upload(browser, name, data)
    if answer.status_code != 303:
        return answer
    while "data-reading" in (page := browser.get(answer.location)).text:
        gevent.sleep(0.05)
    return page


def upload(browser: FlaskClient, name: str, data: bytes) -> TestResponse:
    file = FileStorage(io.BytesIO(data), name)
    boundary, body = encode_multipart({"csrf_token": form_token(browser, PAGE), "file": file})
    return browser.post(PAGE, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def csv_of(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines)).encode()


def take_over(browser: FlaskClient, page: str) -> TestResponse:
    found = re.search(r'action="(/admin/uploads/\d+)"', page)
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    assert seen
    return post(browser, PAGE, found.group(1), seen=seen.group(1))


def count() -> int:
    session.expire_all()
    return session.query(Service).count()


def test_dry_run_writes_nothing_and_one_press_writes_all(cast: Cast) -> None:
    browser = manager(cast)
    changed = FIRST.replace("免费", "收费")
    page = send(browser, "新.csv", csv_of(NEW, changed))
    assert page.status_code == 200
    assert "ZZ-0101" in page.text
    assert count() == 1265
    assert take_over(browser, page.text).status_code == 303
    assert count() == 1266
    assert session.query(Service).filter_by(code="DJ-0101").one().fee is True
    entry = session.query(AuditEntry).filter_by(part_of=None).one()
    assert (entry.action, entry.subject, entry.detail) == ("catalog.import", "新.csv", "+1 ~1")
    parts = session.query(AuditEntry).filter_by(part_of=entry.id)
    assert {part.subject: part.changes for part in parts} == {
        "DJ-0101": {"fee": ["免费", "收费"]},
        "ZZ-0101": {"is_new": [False, True]},
    }


def test_second_press_is_refused(cast: Cast) -> None:
    browser = manager(cast)
    page = send(browser, "a.csv", csv_of(NEW)).text
    assert [take_over(browser, page).status_code for _ in range(2)] == [303, 409]
    assert count() == 1266


def test_preview_that_is_no_longer_true_is_refused(cast: Cast) -> None:
    browser = manager(cast)
    page = send(browser, "a.csv", csv_of(FIRST.replace("免费", "收费"))).text
    with transaction():
        session.query(Service).filter_by(code="DJ-0101").update({"promised_days": 3})
    assert take_over(browser, page).status_code == 409
    assert session.query(Service).filter_by(code="DJ-0101").one().fee is False


@on_sqlite
def test_wrong_lines_are_named_and_left_out(cast: Cast) -> None:
    browser = manager(cast)
    wrong = NEW.replace("ZZ-0101", "ZZ-0102").replace("站点办理", "自己办")
    page = send(browser, "a.csv", csv_of(NEW, wrong, NEW + ",more")).text
    assert "办理形式：" in page
    assert re.findall(r'<th scope="row" class="is-whole">(\d+)</th><td>', page)[:2] == ["3", "4"]
    take_over(browser, page)
    assert session.query(Service).filter(Service.code.like("ZZ%")).count() == 1


@on_sqlite
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_is_what_an_import_reads(cast: Cast, kind: str) -> None:
    browser = manager(cast)
    first = browser.get(f"{PAGE}/services.{kind}")
    assert f'filename="services-2026-11-20.{kind}"' in first.headers["Content-Disposition"]
    page = send(browser, f"a.{kind}", first.data).text
    assert "mark-new" not in page
    assert "column-changes" not in page
    header, *services = rows(kind, first.data)
    assert header == list(NATIONAL.values())
    assert len(services) == 1265


def rows(kind: str, data: bytes) -> list[list[str]]:
    if kind == "csv":
        return [line.split(",") for line in data.decode("utf-8-sig").splitlines()]
    sheet = load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


@on_sqlite
def test_formula_is_text_on_export_and_itself_again_on_import(cast: Cast) -> None:
    browser = manager(cast)
    with transaction():
        session.query(Service).filter_by(code="DJ-0101").update({"source": '=HYPERLINK("x")'})
    data = browser.get(f"{PAGE}/services.csv").data
    assert "'=HYPERLINK" in data.decode("utf-8-sig")
    page = send(browser, "a.csv", data).text
    assert "HYPERLINK" not in page


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (65 * 1024 * 1024))
    return file.getvalue()


def macros() -> bytes:
    file = io.BytesIO()
    Workbook().save(file)
    with zipfile.ZipFile(file, "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"x")
    return file.getvalue()


@on_sqlite
@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.xlsx", b"not a zip", "文件坏了"),
        ("a.xlsx", b"PK\x03\x04broken", "文件坏了"),
        ("a.xlsx", bomb, "大得不正常"),
        ("a.xlsx", macros, "带宏"),
        ("a.xlsm", b"", "只读 .csv 和 .xlsx"),
        ("a.csv", "编码".encode("gb18030"), "不是 UTF-8"),
        ("a.csv", b"", "没有内容"),
        ("a.csv", csv_of("x"), "列数"),
    ],
)
def test_bad_file_is_refused_in_words(
    cast: Cast, name: str, data: bytes | Callable[[], bytes], reason: str
) -> None:
    answer = send(manager(cast), name, data if isinstance(data, bytes) else data())
    assert answer.status_code == (409 if name.endswith("xlsm") else 200)
    assert reason in answer.text
    assert 'name="seen"' not in answer.text
    assert count() == 1265


@on_sqlite
def test_no_file_and_too_large_a_file_are_refused(cast: Cast) -> None:
    browser = manager(cast)
    assert post(browser, PAGE, PAGE).status_code == 409
    assert send(browser, "a.csv", b"x" * (8 * 1024 * 1024 + 1)).status_code == 413


@on_sqlite
def test_a_name_that_no_column_keeps_is_refused(cast: Cast) -> None:
    assert send(manager(cast), "a\0.csv", b"x").status_code == 422


@on_sqlite
def test_ten_thousand_rows_in_one_file(cast: Cast) -> None:
    browser = manager(cast)
    many = [NEW.replace("ZZ-0101", f"ZZ-{number:04}") for number in range(10_000)]
    many = [line.replace("试验,Trials", f"试验{line[3:5]},Trials {line[3:5]}") for line in many]
    page = send(browser, "many.csv", csv_of(*many))
    assert page.status_code == 200
    take_over(browser, page.text)
    assert count() == 1265 + 10_000


@pytest.fixture
def left(cast: Cast, clock: time_machine.Traveller) -> int:
    """Return the id of a file whose reader died before it noted anything."""
    with transaction():
        kept = actions.upload("a.csv", csv_of(NEW), by=OPERATOR, at=now())
    clock.shift(60)
    return kept.id


@on_sqlite
def test_file_whose_reader_died_says_so_and_is_read_again(cast: Cast, left: int) -> None:
    browser = manager(cast)
    address = f"{PAGE}/{left}"
    page = browser.get(address).text
    assert "读到一半停了" in page
    assert "data-reading" not in page
    assert post(browser, address, f"{address}/again").status_code == 303
    while "data-reading" in (page := browser.get(address).text):
        gevent.sleep(0.05)
    assert "ZZ-0101" in page
    assert post(browser, PAGE, f"{address}/again").status_code == 409


def test_late_reader_changes_nothing(cast: Cast, left: int) -> None:
    with transaction():
        assert actions.read_again(get_upload(left), at=now()) == 2
        assert not actions.note_progress(left, 1, 5, 9, at=now())
        assert not actions.note_read(left, 1, Checked())
        assert actions.note_progress(left, 2, 5, 9, at=now())
    page = manager(cast).get(f"{PAGE}/{left}").text
    assert "已读 5 行，共约 9 行" in page
    assert 'max="9" value="5"' in page


@on_sqlite
def test_old_files_that_nobody_took_over_go(cast: Cast, clock: time_machine.Traveller) -> None:
    send(manager(cast), "a.csv", csv_of(NEW))
    clock.shift(timedelta(days=8))
    send(cast.browser("li", Role.MANAGER), "b.csv", csv_of(NEW))
    assert [kept.file_name for kept in session.query(Upload)] == ["b.csv"]


@on_sqlite
def test_what_is_not_in_the_file_is_listed_and_stays(cast: Cast) -> None:
    browser = manager(cast)
    answer = send(browser, "a.csv", csv_of(FIRST))
    page = browser.get(f"{answer.request.path}?part=kept").text
    assert "BM-0101" in page
    assert "1,264" in page
