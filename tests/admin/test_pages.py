"""Every staff page opens, in both languages, for those who may see it."""

import pytest

from admin.routes import ROUTES
from kiosk.db import session, transaction
from kiosk.staff.models import AuditEntry, Member
from kiosk.staff.permissions import Role
from kiosk.stations.models import OpeningHours, Station
from kiosk.tickets.models import Offer
from kiosk.tickets.queries import served_queues
from tests.cast import HOME, PASSWORD, Cast
from tests.databases import on_sqlite
from tests.pages import post

# Pages of one upload or one change are opened by the tests that make one.
PAGES = sorted(
    {
        route.rule.replace("<code>", "SB-0301").replace("<letter>", "A").replace("<point>", "3F-B2")
        for route in ROUTES
        if route.method == "GET" and "<int:" not in route.rule
    }
)


# A page asks the same of the database in both languages.
@pytest.mark.parametrize(
    ("database", "lang"), [("sqlite", "en"), ("postgresql", "zh")], indirect=["database"]
)
def test_every_page_opens(cast: Cast, lang: str) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    cast.took()
    for page in PAGES:
        answer = browser.get(page, query_string={"lang": lang}, follow_redirects=True)
        assert answer.status_code == 200, page
        if answer.mimetype == "text/html" and "<html" in answer.text:
            assert f'lang="{"en" if lang == "en" else "zh-Hans"}"' in answer.text


@on_sqlite
def test_clerk_sees_only_what_a_clerk_may(cast: Cast) -> None:
    page = cast.browser("li").get("/admin/").text
    assert "/admin/desk" in page
    assert "/admin/staff" not in page
    assert "/admin/services" not in page


@on_sqlite
def test_manager_opens_a_queue(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    queue = {"name_zh": "体检", "name_en": "Checks", "usual_minutes": 5, "is_open": "on"}
    assert post(browser, "/admin/queues", "/admin/queues", letter="F", **queue).status_code == 303
    assert cast.took("F")["number"] == "F001"
    again = post(browser, "/admin/queues", "/admin/queues", letter="F", **queue)
    assert again.status_code == 409
    assert "体检" in again.text


@on_sqlite
def test_manager_closes_a_queue(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    post(
        browser,
        "/admin/queues",
        "/admin/queues/A",
        name_zh="党务",
        name_en="Party",
        usual_minutes=9,
    )
    assert (cast.queue().name_zh, cast.queue().is_open) == ("党务", False)
    assert cast.take().get_json()["code"] == "queues.closed"


@on_sqlite
def test_wrong_queue_is_refused_in_words(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    answer = post(
        browser,
        "/admin/queues",
        "/admin/queues/A",
        name_zh="党务",
        name_en="Party",
        usual_minutes=0,
    )
    assert answer.status_code == 422
    assert cast.queue().usual_minutes == 10


@on_sqlite
def test_manager_changes_a_counter_s_queues(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    post(browser, "/admin/counters", "/admin/counters/1", queues="E, B A", is_active="on")
    assert [queue.letter for queue in served_queues(cast.counter())] == ["E", "B", "A"]
    answer = post(browser, "/admin/counters", "/admin/counters/1", queues="Z", is_active="on")
    assert answer.status_code == 409
    assert [queue.letter for queue in served_queues(cast.counter())] == ["E", "B", "A"]


@on_sqlite
def test_counter_in_use_is_not_closed(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    cast.took()
    cast.did("call-next")
    answer = post(browser, "/admin/counters", "/admin/counters/1", queues="A")
    assert answer.status_code == 409
    assert cast.counter().is_active


@on_sqlite
def test_manager_adds_a_counter(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    post(browser, "/admin/counters", "/admin/counters", number=5, queues="A", is_active="on")
    cast.took()
    assert cast.did("call-next", 5)["ticket"]["counter"] == 5


@on_sqlite
def test_manager_switches_a_service_off_and_on(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    switch = "/admin/services/switch"
    post(browser, "/admin/services", switch, codes="SB-0301", on="0")
    answer = cast.post(f"{HOME}/tickets", {"service": "SB-0301"}, cast.kiosk_token)
    assert answer.get_json()["code"] == "services.switched_off"
    assert session.query(Offer).filter_by(is_on=False).count() == 1
    post(browser, "/admin/services", switch, codes="SB-0301", on="1")
    answer = cast.post(f"{HOME}/tickets", {"service": "SB-0301"}, cast.kiosk_token)
    assert answer.status_code == 201


@on_sqlite
def test_list_filters_services(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    page = browser.get("/admin/services?q=打印复印扫描").text
    assert "BM-0101" in page
    assert "DJ-0101" not in page


@on_sqlite
def test_manager_hires_a_clerk_who_signs_in(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    hired = {"name": "wang", "display_name": "王芳", "role": "clerk", "is_active": "on"}
    answer = post(browser, "/admin/staff", "/admin/staff", station="raffles-city", **hired)
    assert answer.status_code == 200
    clerk = session.query(Member).filter_by(name="wang").one()
    assert (clerk.role, clerk.must_change_password) == (Role.CLERK, True)
    again = post(browser, "/admin/staff", "/admin/staff", station="raffles-city", **hired)
    assert again.status_code == 409


@on_sqlite
def test_manager_hires_no_administrator(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    hired = {"name": "wang", "display_name": "王芳", "role": "administrator", "is_active": "on"}
    assert post(browser, "/admin/staff", "/admin/staff", **hired).status_code == 403
    assert session.query(Member).filter_by(name="wang").count() == 0


@on_sqlite
def test_manager_changes_nobody_of_another_station(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    boss = session.query(Member).filter_by(name="manager").one()
    answer = post(browser, "/admin/staff", f"/admin/staff/{boss.id}/reset")
    assert answer.status_code == 403


@on_sqlite
def test_station_hours_are_changed_or_refused(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    names = {"name_zh": "站", "name_en": "Station"}
    post(browser, "/admin/station", "/admin/station", hours_4="9:00-12:00，13:00-18:00", **names)
    station = session.query(Station).filter_by(code="raffles-city").one()
    spans = session.query(OpeningHours).filter_by(station_id=station.id)
    assert [(span.weekday, span.opens, span.closes) for span in spans] == [
        (4, 540, 720),
        (4, 780, 1080),
    ]
    answer = post(browser, "/admin/station", "/admin/station", hours_4="9 to 5", **names)
    assert answer.status_code == 409
    assert spans.count() == 2


@on_sqlite
def test_changes_are_written_down(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    post(browser, "/admin/services", "/admin/services/switch", codes="SB-0301", on="0")
    entry = session.query(AuditEntry).one()
    assert (entry.action, entry.subject, entry.role) == ("services.off", "SB-0301", Role.MANAGER)


@on_sqlite
def test_password_never_stands_in_the_audit(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    hired = {"name": "wang", "display_name": "王芳", "role": "clerk", "is_active": "on"}
    post(browser, "/admin/staff", "/admin/staff", station="raffles-city", **hired)
    with transaction():
        for entry in session.query(AuditEntry):
            assert PASSWORD not in entry.detail + entry.subject
