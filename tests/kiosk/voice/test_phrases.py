"""What a call is made of: digits one by one for the ticket, a number for the counter."""

import pytest

from kiosk.voice.phrases import PIECES, Language, call, needed, place

ZH, EN = Language.ZH, Language.EN


def said(language: Language, number: str, counter: int) -> str:
    return " ".join(PIECES[language][name] for name in call(language, number, counter))


def test_mandarin_call() -> None:
    assert said(ZH, "A003", 2) == "请 A 零 零 三 号，到 二 号窗口"


def test_english_call() -> None:
    assert said(EN, "A003", 2) == "Number A zero zero three please go to counter two"


@pytest.mark.parametrize(
    ("counter", "chinese", "english"),
    [
        (1, "一", "one"),
        (10, "十", "ten"),
        (12, "十 二", "twelve"),
        (20, "二 十", "twenty"),
        (21, "二 十 一", "twenty one"),
        (100, "一 百", "one hundred"),
        (105, "一 百 零 五", "one hundred five"),
        (110, "一 百 一 十", "one hundred ten"),
        (999, "九 百 九 十 九", "nine hundred ninety nine"),
    ],
)
def test_counter_is_spoken_as_a_number(counter: int, chinese: str, english: str) -> None:
    assert " ".join(PIECES[ZH][name] for name in place(ZH, counter)) == f"{chinese} 号窗口"
    assert " ".join(PIECES[EN][name] for name in place(EN, counter)) == english


@pytest.mark.parametrize("language", Language)
def test_every_call_is_made_of_known_pieces(language: Language) -> None:
    for counter in range(1, 1000):
        assert set(place(language, counter)) <= PIECES[language].keys()
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        assert set(call(language, f"{letter}123", 1)) <= PIECES[language].keys()


@pytest.mark.parametrize("language", Language)
def test_station_needs_what_its_calls_are_made_of(language: Language) -> None:
    wanted = needed(language, "AE", [1, 21])
    assert set(call(language, "E059", 21)) <= wanted
    assert "b" not in wanted
