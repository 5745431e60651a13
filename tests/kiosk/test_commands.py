"""What an operator types: tokens and passwords that work at once."""

import pytest
from flask import Flask

from kiosk.db import session
from kiosk.sample import MANAGER
from kiosk.staff.models import Member
from kiosk.stations.models import Device
from tests.cast import HOME, Cast
from tests.databases import on_sqlite
from tests.pages import post

pytestmark = on_sqlite


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=words)
    session.expire_all()
    return result.exit_code, result.output


def last_word(app: Flask, *words: str) -> str:
    exit_code, output = run(app, *words)
    assert exit_code == 0, output
    return output.split()[-1]


def test_device_s_token_takes_numbers(cast: Cast) -> None:
    words = ("stations", "device", "东门", "--kind", "kiosk", "--station", "raffles-city")
    token = last_word(cast.app, *words)
    assert cast.post(f"{HOME}/tickets", {"queue": "A"}, token).status_code == 201
    assert session.query(Device).filter_by(name="东门").one().token_hash != token


def test_program_s_token_calls(cast: Cast) -> None:
    words = ("staff", "token", "robot", "--role", "clerk", "--station", "raffles-city")
    answer = cast.post(f"{HOME}/counters/1/call-next", token=last_word(cast.app, *words))
    assert answer.status_code == 200


def test_reset_password_opens_the_door_once(cast: Cast) -> None:
    page, password = "/admin/sign-in", last_word(cast.app, "staff", "reset", MANAGER)
    answer = post(cast.browser(), page, page, name=MANAGER, password=password)
    assert answer.location == "/admin/password"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("stations device x --kind kiosk --station nowhere", "no station nowhere"),
        ("staff token x --role clerk --station nowhere", "no station nowhere"),
        ("staff token x --role manager", "Name a station"),
        ("staff reset nobody", "Nobody is called nobody"),
    ],
)
def test_mistakes_are_said_and_change_nothing(cast: Cast, words: str, reason: str) -> None:
    before = session.query(Device).count(), session.query(Member).count()
    exit_code, output = run(cast.app, *words.split())
    assert exit_code == 1
    assert reason in output
    assert (session.query(Device).count(), session.query(Member).count()) == before
