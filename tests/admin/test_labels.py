"""Labels and posters come out as PDF whose codes can be scanned."""

import pytest
import zxingcpp

from admin.labels import poster_of
from kiosk.db import session
from kiosk.pickups.models import StoragePoint
from kiosk.printing.posters import COLUMNS, ROWS
from kiosk.staff.permissions import Role
from tests import papers
from tests.cast import Cast
from tests.kiosk.pickups.lobby import FLOOR, point

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

HERE = f"/admin/pickups/points/{FLOOR}"


def test_labels_are_scanned_as_the_places_they_name(cast: Cast) -> None:
    answer = cast.browser("zhou", Role.MANAGER).get(f"{HERE}/labels.pdf?number=02&number=07")
    assert answer.mimetype == "application/pdf"
    (sheet,) = papers.pages(answer.data)
    found = {code.text: code.position for code in zxingcpp.read_barcodes(sheet)}
    assert set(found) == {"3F-B2-02", "3F-B2-07"}
    # What people read stands to the right of each code, inside its label.
    wide, high = sheet.width // COLUMNS, sheet.height // ROWS
    right = max(corner.x for corner in (found["3F-B2-02"].top_right,)) + 40
    assert sheet.crop((right, 0, wide, high)).getextrema() == (0, 255)
    assert sheet.crop((2 * wide, 0, sheet.width, sheet.height)).getextrema() == (255, 255)


def test_places_go_on_to_the_next_sheet(cast: Cast) -> None:
    answer = cast.browser("zhou", Role.MANAGER).get("/admin/pickups/points/1F-A2/labels.pdf")
    places = session.query(StoragePoint).filter_by(code="1F-A2").one().places
    assert len(papers.pages(answer.data)) == -(-len(places) // (COLUMNS * ROWS))


def test_poster_leads_to_its_point_in_both_languages(cast: Cast) -> None:
    answer = cast.browser("zhou", Role.MANAGER).get(f"{HERE}/poster.pdf")
    (sheet,) = papers.pages(answer.data)
    (code,) = zxingcpp.read_barcodes(sheet)
    with cast.app.test_request_context("/"):
        here = point()
        said = poster_of(here)
        assert code.text == said.address
        assert code.text.endswith(f"/s/raffles-city/drop?scan={here.scan}")
    assert (said.title, said.lines[0]) == (FLOOR, "3 楼取餐架（示例）")
    assert said.steps[1] == "取件：扫码，输入 6 位取件码。"
    assert said.steps[3] == "Collecting: scan, then type your six digits."
    # The last line is whole: the sheet's edge is white.
    edge = sheet.crop((0, sheet.height - 60, sheet.width, sheet.height))
    assert edge.getextrema() == (255, 255)


def test_paper_is_the_manager_s(cast: Cast) -> None:
    assert cast.browser("li").get(f"{HERE}/labels.pdf").status_code == 403
