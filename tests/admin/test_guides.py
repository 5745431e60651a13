"""The editor of a guide: kept as one goes, told where it is wrong, read by a second person."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from kiosk.catalog.actions import note_change
from kiosk.catalog.models import GuideVersion
from kiosk.catalog.queries import find_open, get_service, versions_of
from kiosk.db import session, transaction
from kiosk.staff.models import Member
from kiosk.staff.permissions import Role
from tests.admin.forms_of_guides import fields
from tests.cast import Cast
from tests.pages import post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

CODE = "BM-0228"
PAGE = f"/admin/services/{CODE}"


@pytest.fixture
def li(cast: Cast) -> FlaskClient:
    return cast.browser("li", Role.MANAGER)


@pytest.fixture
def zhou(cast: Cast) -> FlaskClient:
    """Return a second manager's browser; both have passwords, so that they count as people."""
    browser = cast.browser("zhou", Role.MANAGER)
    with transaction():
        session.execute(update(Member).values(password_hash="known"))
    return browser


@pytest.fixture
def alone(li: FlaskClient) -> FlaskClient:
    """Return the browser of the only manager: the sample's own is let go."""
    with transaction():
        session.execute(update(Member).where(Member.name == "manager").values(is_active=False))
    return li


def draft() -> GuideVersion:
    session.expire_all()
    found = find_open(get_service(CODE))
    assert found is not None
    return found


def states() -> list[str]:
    session.expire_all()
    return [version.state.value for version in versions_of(get_service(CODE))]


def send(browser: FlaskClient, do: str = "save", **changed: Any) -> TestResponse:  # noqa: ANN401
    more = {"do": do, "revision": str(changed.pop("revision", 0))}
    return post(browser, PAGE, PAGE, **(fields(**changed) | more))


def text_of(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_draft_is_kept_as_it_was_typed(li: FlaskClient) -> None:
    answer = send(li, visits="two", materials__0__name__zh="其他材料")
    assert answer.status_code == 303
    page = li.get(PAGE)
    assert 'value="two"' in page.text
    assert 'value="其他材料"' in page.text
    assert "不能写“其他材料”，请写清是哪一件" in text_of(page)
    assert "two 不是整数" in text_of(page)
    assert 'aria-describedby="visits-error"' in page.text
    assert "Write it as a number" not in text_of(li.get(f"{PAGE}?lang=en"))
    assert "is no thing that somebody could bring" in text_of(li.get(f"{PAGE}?lang=en"))


def test_review_waits_until_it_is_right_and_the_draft_is_kept(li: FlaskClient) -> None:
    answer = send(li, "review", visits="1")
    assert answer.status_code == 409
    assert "还有 1 处要改好，才能送审" in text_of(answer)
    assert "要跑现场就写明原因" in text_of(answer)
    assert (states(), draft().content["visits"]) == (["draft"], 1)


def test_rows_are_added_and_moved_without_a_script(li: FlaskClient) -> None:
    assert send(li, "add:materials").location.endswith("#materials-2")
    page = li.get(PAGE).text
    assert 'name="materials.2.name.zh"' in page
    assert send(li, "down:materials.0", revision=1).location.endswith("#materials-1")
    assert [row["name"]["zh"] for row in draft().content["materials"]] == ["户口本", "身份证"]
    send(li, "remove:materials.0", revision=2)
    assert [row["name"]["zh"] for row in draft().content["materials"]] == ["户口本"]


def test_second_person_reads_and_publishes(cast: Cast, li: FlaskClient, zhou: FlaskClient) -> None:
    send(li, "review", note="新规定")
    own = text_of(li.get(PAGE))
    assert "要由另一个人看过再发布" in own
    assert "发布第 1 版" not in own
    assert post(li, PAGE, f"{PAGE}/answer", do="publish").status_code == 409
    page = text_of(zhou.get(PAGE))
    assert "附言：新规定" in page
    assert "发布第 1 版" in page
    post(zhou, PAGE, f"{PAGE}/answer", do="publish")
    assert states() == ["published"]
    assert "带这 2 样材料" in text_of(cast.browser().get(f"/s/raffles-city/services/{CODE}"))
    history = text_of(zhou.get(f"{PAGE}/history"))
    assert "发布指南" in history
    assert "Li" in history


def test_somebody_alone_publishes_their_own(alone: FlaskClient) -> None:
    send(alone, "review")
    post(alone, PAGE, f"{PAGE}/answer", do="publish")
    assert states() == ["published"]


def test_it_is_sent_back_with_words(li: FlaskClient, zhou: FlaskClient) -> None:
    send(li, "review")
    assert "请写明要改什么" in text_of(post(zhou, PAGE, f"{PAGE}/answer", do="back"))
    post(zhou, PAGE, f"{PAGE}/answer", do="back", answer="缺承诺时限")
    assert "退回修改：缺承诺时限" in text_of(li.get(PAGE))
    assert states() == ["draft"]


def test_its_writer_takes_it_out_of_review(li: FlaskClient) -> None:
    send(li, "review")
    post(li, PAGE, f"{PAGE}/reopen")
    assert states() == ["draft"]


def test_a_wrong_span_is_refused_in_words(alone: FlaskClient) -> None:
    send(alone, "review")
    days = {"starts_on": "2026-12-02", "ends_on": "2026-12-01"}
    answer = post(alone, PAGE, f"{PAGE}/answer", do="publish", **days)
    assert answer.status_code == 409
    assert "结束早于开始" in text_of(answer)
    assert 'value="2026-12-02"' in answer.text
    answer = post(alone, PAGE, f"{PAGE}/answer", do="publish", starts_on="soon")
    assert "soon 不是日期" in text_of(answer)


def test_scheduled_version_is_listed_and_dropped(alone: FlaskClient) -> None:
    send(alone, "review")
    post(alone, PAGE, f"{PAGE}/answer", do="publish", starts_on="2026-12-01", ends_on="2026-12-31")
    page = text_of(alone.get(f"{PAGE}/versions"))
    assert "2026-12-01 起" in page
    assert "2027-01-01 起停用" in page
    assert "待生效" in text_of(alone.get("/admin/services?guide=scheduled"))
    post(alone, PAGE, f"{PAGE}/versions/1/drop")
    assert states() == ["retired"]


def test_second_editor_is_told_and_nothing_is_lost(li: FlaskClient, zhou: FlaskClient) -> None:
    send(li)
    send(li, revision=1, applicants__zh="本市户籍居民")
    answer = send(zhou, revision=1, applicants__zh="在沪单位", place__zh="二楼")
    assert answer.status_code == 409
    told = text_of(answer)
    assert "Li 2026-11-20 10:30 存过这份草稿" in told
    assert re.search(r"本市户籍 ?居民", told)
    assert 'value="在沪单位"' in answer.text
    assert 'name="revision" value="2"' in answer.text
    assert draft().content["applicants"]["zh"] == "本市户籍居民"
    mine: dict[str, Any] = {"revision": 2, "place__zh": "二楼"}
    merged = send(zhou, "theirs:applicants", applicants__zh="在沪单位", **mine)
    assert 'value="本市户籍居民"' in merged.text
    assert 'value="二楼"' in merged.text
    assert send(zhou, applicants__zh="本市户籍居民", **mine).status_code == 303
    kept = draft().content
    assert (kept["applicants"]["zh"], kept["place"]["zh"]) == ("本市户籍居民", "二楼")


def test_guide_that_contradicts_the_facts_is_warned_of(alone: FlaskClient) -> None:
    with transaction():
        get_service(CODE).legal_days = 15
    send(alone, "review")
    post(alone, PAGE, f"{PAGE}/answer", do="publish")
    assert "指南写 20，基本信息写 15" in text_of(alone.get(PAGE))
    listed = alone.get("/admin/services?check=contradicted").text
    assert "指南与基本信息不一致" in listed
    assert re.findall(r'id="row-([^"]+)"', listed) == [CODE]
    with transaction():
        get_service(CODE).legal_days = None
        note_change()
    assert "指南与基本信息不一致" not in alone.get("/admin/services").text


def test_two_versions_stand_side_by_side_and_one_comes_back(alone: FlaskClient) -> None:
    for applicants in ("所有居民", "在沪居民"):
        send(alone, "review", applicants__zh=applicants)
        post(alone, PAGE, f"{PAGE}/answer", do="publish")
    page = alone.get(f"{PAGE}/versions?a=1&b=2")
    assert "<del>所有</del>居民" in page.text
    assert "<ins>在沪</ins>居民" in page.text
    assert "1 处不同" in text_of(page)
    post(alone, f"{PAGE}/versions", f"{PAGE}/versions/1/restore")
    assert states() == ["draft", "published", "retired"]
    assert draft().content["applicants"]["zh"] == "所有居民"
    again = post(alone, f"{PAGE}/versions", f"{PAGE}/versions/1/restore")
    assert "还有一份草稿没办完" in text_of(again)


def test_unknown_version_is_refused(li: FlaskClient) -> None:
    assert post(li, PAGE, f"{PAGE}/versions/7/restore").status_code == 404
    assert li.get("/admin/services/ZZ-9999").status_code == 404


def test_long_guide_is_taken(li: FlaskClient) -> None:
    answers: dict[str, Any] = {f"questions__{row}__answer__zh": "长" * 900 for row in range(20)}
    assert send(li, **answers).status_code == 303
    assert len(draft().content["questions"]) == 20
