"""What somebody typed, and what stands first."""

import pytest

from tests.cast import HOME, Cast
from tests.databases import on_sqlite


def first(cast: Cast, question: str) -> str:
    answer = cast.app.test_client().get(f"{HOME}/services", query_string={"q": question})
    items = answer.get_json()["items"]
    return str(items[0]["name_zh"]) if items else ""


@on_sqlite
@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("社会保障卡首次申领", "社会保障卡首次申领"),
        ("SB-0303", "社会保障卡挂失与解挂"),
        ("sb-0303", "社会保障卡挂失与解挂"),
        ("打印", "打印复印扫描"),
        ("居住证签注", "上海市居住证签注"),
    ],
)
def test_best_fit_stands_first(cast: Cast, question: str, name: str) -> None:
    assert first(cast, question) == name


@on_sqlite
def test_every_word_must_fit(cast: Cast) -> None:
    assert first(cast, "居住证 xyzzy") == ""


@on_sqlite
def test_scores_fall(cast: Cast) -> None:
    found = cast.app.test_client().get(f"{HOME}/services?q=居住证&limit=100").get_json()
    scores = [item["score"] for item in found["items"]]
    assert scores == sorted(scores, reverse=True)
    assert found["total"] == len(scores) > 5


def test_empty_question_lists_everything_by_pages(cast: Cast) -> None:
    client = cast.app.test_client()
    page = client.get(f"{HOME}/services?limit=2&offset=1").get_json()
    assert page["total"] == 1265
    assert [item["code"] for item in page["items"]] == ["BM-0102", "BM-0103"]
    assert set(page["items"][0]) >= {
        "code",
        "name_zh",
        "name_en",
        "domain",
        "category_zh",
        "queue",
        "score",
    }


def test_filters_narrow(cast: Cast) -> None:
    client = cast.app.test_client()

    def total(**wanted: str) -> int:
        return int(client.get(f"{HOME}/services", query_string=wanted).get_json()["total"])

    assert total(domain="党建业务") == total(domain="party") == 198
    assert total(category="SB-03") == 12


@on_sqlite
@pytest.mark.parametrize("wrong", ["limit=-1", "limit=501", "limit=x", "offset=-1"])
def test_wrong_paging_is_refused(cast: Cast, wrong: str) -> None:
    answer = cast.app.test_client().get(f"{HOME}/services?{wrong}")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "request.invalid")


@on_sqlite
@pytest.mark.parametrize(
    "question",
    ["x" * 10_000, "%", "_", "' OR 1=1 --", "<script>", "\x07\x1b", "😀", "\u202e", "ＳＢ"],
)
def test_strange_questions_are_answered(cast: Cast, question: str) -> None:
    client = cast.app.test_client()
    assert client.get(f"{HOME}/services", query_string={"q": question}).status_code == 200
    page = client.get("/s/raffles-city/services", query_string={"q": question})
    assert page.status_code == 200
    assert "<script>" not in page.text.partition("<body")[2].replace('<script type="module"', "")
