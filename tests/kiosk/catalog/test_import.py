"""A catalog file is taken over whole, or not at all."""

from pathlib import Path

import pytest
from flask import Flask

from kiosk.catalog.index import Hit
from kiosk.catalog.models import Category, Service
from kiosk.config import ROOT
from kiosk.db import session
from kiosk.home.queries import offer_lines
from kiosk.setup import CATALOG
from kiosk.stations.queries import get_station
from tests.databases import on_sqlite

HEADER = CATALOG.read_text(encoding="utf-8").splitlines()[0]
GOOD = (
    "ZZ-0101,试一试,A try,社会服务,试验,Trials,街道,个人,便民服务,站点办理,,5,免费,0,试|尝试,试验"
)


def run(app: Flask, folder: Path, *lines: str, encoding: str = "utf-8") -> tuple[int, str]:
    file = folder / "services.csv"
    file.write_bytes("\n".join((HEADER, *lines)).encode(encoding))
    result = app.test_cli_runner().invoke(args=["catalog", "import", str(file)])
    session.expire_all()
    return result.exit_code, result.output


def find(code: str) -> Service | None:
    return session.query(Service).filter_by(code=code).one_or_none()


def test_first_start_has_every_row(app: Flask) -> None:
    assert session.query(Service).count() == 1265
    assert session.query(Category).count() == 86


def test_shipped_file_twice_changes_nothing(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["catalog", "import", str(CATALOG)])
    assert (result.exit_code, result.output) == (0, "0 added, 0 changed, 1265 as before.\n")


def test_every_service_of_the_sample_station_has_a_queue(app: Flask) -> None:
    station = get_station("raffles-city")
    lines = offer_lines(station, [Hit(s) for s in session.query(Service)])
    assert {line.queue.letter if line.queue else None for line in lines} == set("ABCDE")


def test_new_row_is_added_and_unknown_stays_unknown(app: Flask, tmp_path: Path) -> None:
    assert run(app, tmp_path, GOOD) == (0, "1 added, 0 changed, 0 as before.\n")
    service = find("ZZ-0101")
    assert service is not None
    assert (service.legal_days, service.promised_days, service.fee) == (None, 5, False)
    assert service.keywords == ["试", "尝试"]
    assert (service.category.code, service.domain.value) == ("ZZ-01", "social")


def test_changed_row_changes_its_service(app: Flask, tmp_path: Path) -> None:
    run(app, tmp_path, GOOD)
    assert (
        run(app, tmp_path, GOOD.replace("免费", "收费"))[1] == "0 added, 1 changed, 0 as before.\n"
    )
    service = find("ZZ-0101")
    assert service is not None
    assert service.fee is True


@on_sqlite
def test_byte_order_mark_is_no_part_of_the_header(app: Flask, tmp_path: Path) -> None:
    assert run(app, tmp_path, GOOD, encoding="utf-8-sig")[0] == 0


@on_sqlite
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (GOOD.replace("ZZ-0101", "zz1"), "地方编码: "),
        (GOOD.replace("试一试", ""), "事项名称: "),
        (GOOD.replace("社会服务", "别的"), "领域: "),
        (GOOD.replace("站点办理", "自己办"), "办理形式: "),
        (GOOD.replace(",5,", ",soon,"), "承诺办结时限: "),
        (GOOD.replace(",5,", ",-5,"), "承诺办结时限: "),
        (GOOD.replace("免费", "便宜"), "是否收费: "),
        (GOOD + ",more", "the number of columns"),
        (GOOD.removesuffix(",试验"), "the number of columns"),
    ],
)
def test_wrong_row_is_named_and_nothing_is_imported(
    app: Flask, tmp_path: Path, row: str, reason: str
) -> None:
    exit_code, output = run(app, tmp_path, GOOD.replace("ZZ-0101", "ZZ-0102"), row)
    assert exit_code == 1
    assert f"line 3: {reason}" in output
    assert find("ZZ-0102") is None


@on_sqlite
def test_code_that_stands_twice_is_refused(app: Flask, tmp_path: Path) -> None:
    assert "line 3: ZZ-0101 stands on line 2 too" in run(app, tmp_path, GOOD, GOOD)[1]


@on_sqlite
def test_category_with_two_names_is_refused(app: Flask, tmp_path: Path) -> None:
    other = GOOD.replace("ZZ-0101", "ZZ-0102").replace("试验,Trials", "别的,Other")
    assert "line 3: category ZZ-01 has another name here" in run(app, tmp_path, GOOD, other)[1]


@on_sqlite
def test_other_encoding_is_refused(app: Flask, tmp_path: Path) -> None:
    exit_code, output = run(app, tmp_path, GOOD, encoding="gb18030")
    assert (exit_code, "not UTF-8" in output) == (1, True)


@on_sqlite
def test_empty_file_is_refused(app: Flask, tmp_path: Path) -> None:
    assert "line 1: the file has no rows" in run(app, tmp_path)[1]


def test_shipped_file_is_part_of_the_project() -> None:
    assert CATALOG.is_relative_to(ROOT)
