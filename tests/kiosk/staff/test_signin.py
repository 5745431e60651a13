"""Staff come in: no default password, one-time passwords, sessions that end."""

import pytest

from kiosk.db import session, transaction
from kiosk.sample import MANAGER
from kiosk.staff import actions
from kiosk.staff.models import Member
from kiosk.staff.queries import find_member
from tests.cast import PASSWORD, Cast
from tests.databases import on_sqlite
from tests.fixtures import HASHING
from tests.pages import post

SIGN_IN = "/admin/sign-in"


def manager(cast: Cast) -> tuple[Member, str]:
    member = find_member(MANAGER)
    assert member is not None
    with transaction():
        return member, actions.reset_password(member)


def test_one_time_password_must_be_changed_first(cast: Cast) -> None:
    _member, password = manager(cast)
    browser = cast.browser()
    answer = post(browser, SIGN_IN, SIGN_IN, name=MANAGER, password=password)
    assert answer.location == "/admin/password"
    assert browser.get("/admin/desk").location.startswith("/admin/password")
    changed = post(
        browser,
        "/admin/password",
        "/admin/password",
        old=password,
        new=PASSWORD,
        repeat=PASSWORD,
    )
    assert changed.location == "/admin/"
    assert browser.get("/admin/").status_code == 200


@on_sqlite
@pytest.mark.parametrize("password", ["", "admin", "manager", "password"])
def test_no_default_password(cast: Cast, password: str) -> None:
    answer = post(cast.browser(), SIGN_IN, SIGN_IN, name=MANAGER, password=password)
    assert answer.status_code == 403


@on_sqlite
def test_unknown_name_is_answered_like_a_wrong_password(cast: Cast) -> None:
    wrong = post(cast.browser(), SIGN_IN, SIGN_IN, name=MANAGER, password="x" * 12)
    unknown = post(cast.browser(), SIGN_IN, SIGN_IN, name="nobody", password="x" * 12)
    assert wrong.status_code == unknown.status_code == 403
    assert "staff.wrong" not in wrong.text or "staff.wrong" in unknown.text


@on_sqlite
@pytest.mark.parametrize(
    ("new", "repeat"),
    [("short", "short"), (PASSWORD, "other words here"), ("manager-manager", "manager-manager")],
)
def test_weak_password_is_refused(cast: Cast, new: str, repeat: str) -> None:
    _member, password = manager(cast)
    browser = cast.browser()
    post(browser, SIGN_IN, SIGN_IN, name=MANAGER, password=password)
    answer = post(
        browser, "/admin/password", "/admin/password", old=password, new=new, repeat=repeat
    )
    assert answer.status_code == 409


def test_new_password_ends_other_sessions(cast: Cast) -> None:
    browser = cast.browser("li")
    assert browser.get("/admin/").status_code == 200
    member = find_member("li")
    assert member is not None
    with transaction():
        actions.reset_password(member)
    assert browser.get("/admin/").location.startswith(SIGN_IN)


def test_who_is_let_go_is_out_at_once(cast: Cast) -> None:
    browser = cast.browser("li")
    with transaction():
        session.query(Member).filter_by(name="li").update({"is_active": False})
    assert browser.get("/admin/").location.startswith(SIGN_IN)


@on_sqlite
def test_signing_in_leads_back_to_pages_of_ours_only(cast: Cast) -> None:
    cast.hire("li")
    for wanted, location in [
        ("/admin/desk", "/admin/desk"),
        ("https://evil.example/", "/admin/"),
        ("//evil.example", "/admin/"),
        ("/admin/\\evil.example", "/admin/"),
    ]:
        answer = post(cast.browser(), SIGN_IN, SIGN_IN, name="li", password=PASSWORD, next=wanted)
        assert answer.location == location


@on_sqlite
def test_form_without_its_token_is_refused(cast: Cast) -> None:
    answer = cast.browser().post(SIGN_IN, data={"name": "li", "password": PASSWORD})
    assert answer.status_code == 400


@on_sqlite
def test_session_cookie_is_locked_down(cast: Cast) -> None:
    browser = cast.browser()
    browser.get(SIGN_IN)
    cookie = browser.get_cookie("session")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")


@on_sqlite
def test_password_never_stands_in_the_database(cast: Cast) -> None:
    cast.hire("li")
    member = find_member("li")
    assert member is not None
    assert PASSWORD not in member.password_hash
    assert member.password_hash.startswith("scrypt:")


def test_guessing_is_expensive() -> None:
    """Tests hash cheaply; this is what stands in the product."""
    assert HASHING == "scrypt:32768:8:1"
