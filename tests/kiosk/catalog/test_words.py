"""What was asked in vain is counted, and becomes a word of the station."""

import pytest

from kiosk.catalog.models import AskedDay, Synonym
from kiosk.catalog.search import search
from kiosk.db import session
from kiosk.staff.models import AuditEntry
from kiosk.staff.permissions import Role
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.pages import form_token, post

SEARCH = "/s/raffles-city/services"
SEARCHED = "/s/raffles-city/searched"
WORDS = "/admin/services/words"


def ask(cast: Cast, question: str, opened: str = "") -> int:
    browser = cast.browser()
    token = form_token(browser, "/admin/sign-in")
    sent = {"q": question, "opened": opened, "csrf_token": token}
    return browser.post(SEARCHED, data=sent).status_code


def counts(cast: Cast) -> dict[str, tuple[int, int, int]]:
    session.expire_all()
    rows = session.query(AskedDay).all()
    return {row.question: (row.asked, row.found_nothing, row.opened_first) for row in rows}


def test_questions_are_counted(cast: Cast) -> None:
    assert ask(cast, "Qwxyz") == 204
    ask(cast, "qwxyz ")
    ask(cast, "社保卡", "SB-0301")
    ask(cast, "社保卡", "SB-0303")
    assert counts(cast) == {"qwxyz": (2, 2, 0), "社保卡": (2, 0, 1)}


@on_sqlite
@pytest.mark.parametrize(
    "personal",
    [
        *("13812345678", "138 1234 5678", "卡号6217", "li@example.org", "长" * 41),
        *("愚园路88弄3号", "12号302室", "我叫王小明", "陈先生", "310105199001011234"),
    ],
)
def test_what_may_be_personal_is_not_kept(cast: Cast, personal: str) -> None:
    assert ask(cast, personal) == 204
    assert counts(cast) == {}


def test_one_person_counts_once(cast: Cast) -> None:
    browser = cast.browser()
    token = form_token(browser, "/admin/sign-in")
    for _ in range(3):
        browser.post(SEARCHED, data={"q": "qwxyz", "opened": "", "csrf_token": token})
    assert counts(cast) == {"qwxyz": (1, 1, 0)}


def test_what_one_person_asked_is_shown_to_nobody(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    ask(cast, "王小明")
    assert "王小明" not in browser.get(WORDS).text
    ask(cast, "王小明")
    assert "王小明" in browser.get(WORDS).text


@on_sqlite
def test_looking_counts_nothing(cast: Cast) -> None:
    cast.browser().get(f"{SEARCH}?q=qwxyz")
    assert counts(cast) == {}


@on_sqlite
def test_missed_question_becomes_a_word_of_this_station_only(cast: Cast) -> None:
    for _ in range(2):
        ask(cast, "qwxyz")
        ask(cast, "社保卡", "SB-0301")
    browser = cast.browser("zhou", Role.MANAGER)
    page = browser.get(WORDS).text
    assert "qwxyz" in page
    assert "社保卡</th>" not in page
    assert post(browser, WORDS, WORDS, word="qwxyz", code="bm-0103").status_code == 303
    station = cast.station
    assert [hit.service.code for hit in search("qwxyz", station.id)] == ["BM-0103"]
    assert search("qwxyz", station.id)[0].alias == "qwxyz"
    assert search("qwxyz", station.id + 1) == search("qwxyz") == []
    entry = session.query(AuditEntry).one()
    assert (entry.action, entry.subject, entry.detail) == ("words.add", "qwxyz", "BM-0103")
    post(browser, WORDS, f"{WORDS}/remove", word="qwxyz", code="BM-0103")
    assert (search("qwxyz", station.id), session.query(Synonym).count()) == ([], 0)


@on_sqlite
def test_word_of_an_unknown_service_is_refused(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    assert post(browser, WORDS, WORDS, word="qwxyz", code="XX-9999").status_code == 404


@on_sqlite
def test_keyboard_s_words_are_sorted_and_kept_while_they_are_true(cast: Cast) -> None:
    answer = cast.browser().get("/s/raffles-city/words.json")
    body = answer.get_json()
    weights = [weight for _, _, weight in body["words"]]
    assert weights == sorted(weights, reverse=True)
    readings = {word: reading for word, reading, _ in body["words"]}
    assert readings["社保卡"] == "she bao ka"
    assert readings["外卖"] == "wai mai"
    kept = cast.browser().get(f"/s/raffles-city/words.json?v={body['version']}")
    assert "immutable" in kept.headers["Cache-Control"]
    assert "immutable" not in answer.headers["Cache-Control"]


@on_sqlite
@pytest.mark.parametrize("letter", ["A", "z", "%", "", "😀"])
def test_services_stand_by_their_first_letter(cast: Cast, letter: str) -> None:
    answer = cast.browser().get("/s/raffles-city/index", query_string={"letter": letter})
    assert answer.status_code == 200
    assert "data-code=" in answer.text


@on_sqlite
def test_only_what_is_handled_here(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    post(browser, "/admin/services", "/admin/services/switch", codes="SB-0301", on="0")
    assert 'data-code="SB-0301"' in browser.get(f"{SEARCH}?q=社保卡").text
    assert 'data-code="SB-0301"' not in browser.get(f"{SEARCH}?q=社保卡&here=1").text
