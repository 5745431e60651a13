"""A guide while it is written: what a form sends, what is wrong with it, what it lacks."""

from datetime import date
from typing import Any

import pytest

from kiosk.catalog.differences import Piece, differences
from kiosk.catalog.draft import (
    changed_rows,
    check,
    content_of,
    empty_content,
    readable,
    with_keys,
)
from kiosk.catalog.guide import is_catch_all
from kiosk.catalog.lacks import ASKED, Clash, clashes, lacks, percent
from tests.admin.forms_of_guides import fields

RIGHT = fields()


def content(**changed: str) -> dict[str, Any]:
    sent = RIGHT | {name.replace("__", "."): value for name, value in changed.items()}
    return with_keys(content_of(sent.items()), {"身份证": "id-card"})


def wrong(**changed: str) -> dict[str, str]:
    return {problem.path: problem.words for problem in check(content(**changed))[1]}


def test_what_is_typed_becomes_a_guide() -> None:
    guide, problems = check(content())
    assert problems == []
    assert guide is not None
    assert [material.key for material in guide.materials] == ["id-card", "hu-kou-ben"]
    assert guide.materials[0].copies == 2
    assert guide.fee is not None
    assert guide.fee.is_charged is False


def test_rows_stand_in_the_order_in_which_they_are_sent() -> None:
    sent = [("steps.n2.name.zh", "乙"), ("steps.0.name.zh", "甲"), ("steps.7.name.zh", "")]
    rows = content_of(sent)["steps"]
    assert [row["name"]["zh"] for row in rows] == ["乙", "甲"]


def test_content_of_a_guide_comes_back_as_it_was() -> None:
    guide, _ = check(content())
    assert guide is not None
    assert check(guide.content) == (guide, [])


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"materials__0__name__zh": "其他有关材料"}, "materials.0.name"),
        ({"materials__0__name__en": "Other relevant documents"}, "materials.0.name"),
        ({"materials__1__name__zh": "身份证"}, "materials.1.name"),
        ({"materials__1__name__en": ""}, "materials.1.name.en"),
        ({"materials__0__copies": "two"}, "materials.0.copies"),
        ({"materials__0__copies": "21"}, "materials.0.copies"),
        ({"visits": "1"}, "visits_reason"),
        ({"visits": "a"}, "visits"),
        ({"applicants__zh": "", "applicants__en": ""}, "applicants"),
        ({"legal_limit__amount": "soon"}, "legal_limit.amount"),
        ({"contacts__0__phone": "ask me"}, "contacts.0.phone"),
        ({"fee__is_charged": "", "fee__standard__zh": "10 元"}, "fee.is_charged"),
        ({"steps__0__name__zh": ""}, "steps.0.name.zh"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(changed: dict[str, str], path: str) -> None:
    assert path in wrong(**changed)


def test_everything_wrong_is_said_at_once() -> None:
    vague = {"materials__0__name__zh": "其他材料", "materials__0__name__en": ""}
    found = wrong(visits="2", steps__0__name__en="", **vague)
    assert list(found) == [
        "materials.0.name.en",
        "materials.0.name",
        "steps.0.name.en",
        "visits_reason",
    ]


def test_visitors_read_what_is_right_of_it() -> None:
    guide = readable(content(materials__0__name__zh="其他材料", visits="2"))
    assert guide is not None
    assert [material.name.zh for material in guide.materials] == ["户口本"]
    assert guide.visits is None


def test_rows_are_added_moved_and_removed() -> None:
    begun = content()
    first = [row["key"] for row in begun["materials"]]
    moved = changed_rows(begun, "down", "materials.0")["materials"]
    assert [row["key"] for row in moved] == first[::-1]
    assert changed_rows(begun, "remove", "materials.0")["materials"] == begun["materials"][1:]
    added = changed_rows(begun, "add", "materials")
    assert added["materials"][2:] == [{}]
    assert check(added)[1] == []
    for verb, path in (("remove", "materials.9"), ("up", "fee"), ("", ""), ("add", "visits")):
        assert changed_rows(begun, verb, path) == begun


def test_same_thing_has_the_same_key_everywhere() -> None:
    keyed = content(materials__1__name__zh="身份证复印件")["materials"]
    assert [row["key"] for row in keyed] == ["id-card", "shen-fen-zheng-fu-yin-jian"]
    taken = with_keys(content_of(RIGHT.items()), {"护口本": "hu-kou-ben"})["materials"]
    assert taken[1]["key"] == "hu-kou-ben-2"


@pytest.mark.parametrize(
    "name", ["其他材料", "其它相关证明材料", "有关资料", "身份证等材料", "Any other documents"]
)
def test_catch_all_is_known(name: str) -> None:
    assert is_catch_all(name)


@pytest.mark.parametrize("name", ["护照或其他身份证件", "离婚证明", "补充协议", "Another ID card"])
def test_a_thing_is_no_catch_all(name: str) -> None:
    assert not is_catch_all(name)


def test_a_guide_lacks_what_nobody_answered() -> None:
    nothing = empty_content(date(2026, 11, 20))
    assert (lacks(nothing), percent(nothing)) == (list(ASKED), 0)
    assert lacks(content(visits="0")) == ["conditions", "promised_limit", "hours", "basis"]
    assert "materials" not in lacks(nothing | {"needs_nothing": True})
    assert percent(None) == 0


def test_differences_are_told_field_by_field() -> None:
    before, after = content(), content(applicants__zh="在沪居民", visits="0")
    found = {one.path: (one.before, one.after) for one in differences(before, after)}
    assert found == {"applicants.zh": ("所有居民", "在沪居民"), "visits": (None, 0)}
    pieces = differences(before, after)[0].after_pieces
    assert pieces == (Piece("在沪", True), Piece("居民", False))  # noqa: FBT003


def test_a_row_in_between_changes_no_other() -> None:
    before = content()
    rows = before["materials"]
    after = before | {"materials": [rows[0], {"key": "new", "name": {"zh": "照片"}}, rows[1]]}
    assert [one.path for one in differences(before, after)] == ["materials.2.name.zh"]
    assert differences(before, before) == []


def test_what_contradicts_the_facts_is_told() -> None:
    facts = {"legal_days": 15, "promised_days": None, "fee": True, "on_site_visits": 0}
    told = clashes(content(promised_limit__amount="3", visits="0"), facts)
    assert told == [Clash("legal_limit", 20, 15), Clash("fee", guide=False, facts=True)]
    assert clashes(content(legal_limit__amount="soon", fee__is_charged=""), facts) == []
    assert clashes(None, facts) == []
