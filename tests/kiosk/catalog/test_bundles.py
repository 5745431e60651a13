"""Bundles: several services, one checklist, one ticket."""

import pytest
from flask import Flask

from kiosk import clock
from kiosk.catalog.bundles import Bundle, bundles, needed
from kiosk.catalog.guide import Guide
from kiosk.catalog.queries import get_bundle, published_guides, services_by_code
from kiosk.db import transaction
from kiosk.tickets.actions import switch
from tests.cast import HOME, Cast
from tests.databases import on_sqlite
from tests.pages import form_token

BIRTH = "YJS-09"


def material(**said: object) -> dict[str, object]:
    return {"key": "id-card", "name": {"zh": "身份证", "en": "ID card"}} | said


def guide(*materials: dict[str, object]) -> Guide:
    text = {"zh": "试", "en": "A trial"}
    return Guide.model_validate(
        {
            "applicants": text,
            "source": text,
            "compiled_on": "2026-11-21",
            "materials": list(materials),
        }
    )


def bundle(**said: object) -> Bundle:
    text = {"zh": "试", "en": "A trial"}
    plain = {"code": "YJS-99", "name": text, "words": text, "source": text, "services": ["A", "B"]}
    return Bundle.model_validate(plain | said)


@on_sqlite
def test_every_service_of_every_bundle_is_in_the_catalog(app: Flask) -> None:
    for entry in bundles():
        assert [s.code for s in services_by_code(entry.services)] == entry.services, entry.code


@on_sqlite
def test_bundles_are_the_national_ones_and_two_for_office_workers(app: Flask) -> None:
    assert len(bundles()) == 15
    assert [entry.name_zh for entry in bundles()[-2:]] == ["入职", "离职"]
    assert len({entry.code for entry in bundles()}) == 15


def test_material_stands_once_in_its_strictest_form() -> None:
    guides = {
        "A": guide(material(original=False, copies=1, may_follow=True)),
        "B": guide(material(original=True, copies=2, is_required=False)),
    }
    (row,) = needed(bundle(), guides)
    assert row.services == ("A", "B")
    found = row.material
    assert (found.original, found.copies) == (True, 2)
    assert (found.is_required, found.may_follow) == (True, False)


def test_unknown_stays_unknown_when_merged() -> None:
    (row,) = needed(bundle(), {"A": guide(material()), "B": guide(material())})
    assert (row.material.original, row.material.copies) == (None, None)


def test_bundle_without_guides_has_its_own_materials() -> None:
    (row,) = needed(bundle(materials=[material()]), {})
    assert (row.material.key, row.services) == ("id-card", ())


@on_sqlite
def test_sample_bundle_needs_the_id_card_once(app: Flask) -> None:
    entry = get_bundle("YJS-15")
    guides = published_guides(services_by_code(entry.services), clock.now())
    keys = [row.material.key for row in needed(entry, guides)]
    assert keys.count("id-card") == 1
    assert len(keys) == len(set(keys)) > 5


@on_sqlite
def test_program_lists_the_bundles_of_a_station(cast: Cast) -> None:
    items = cast.app.test_client().get(f"{HOME}/bundles").get_json()["items"]
    assert [item["code"] for item in items] == [entry.code for entry in bundles()]
    birth = next(item for item in items if item["code"] == BIRTH)
    assert (birth["name_zh"], birth["queue"]) == ("新生儿出生", "C")
    assert [service["code"] for service in birth["services"]] == get_bundle(BIRTH).services
    assert birth["materials"][0]["services"]


def test_one_ticket_carries_all_services(cast: Cast) -> None:
    answer = cast.post(f"{HOME}/tickets", {"bundle": BIRTH}, cast.kiosk_token)
    body = answer.get_json()
    assert answer.status_code == 201, body
    codes = get_bundle(BIRTH).services
    assert (body["queue"], body["service"], body["services"]) == ("C", codes[0], codes)
    snapshot = cast.app.test_client().get(f"/api/v1/live/ticket:{body['token']}").get_json()
    assert snapshot["data"]["services"] == codes
    assert [service.code for service in cast.ticket(body["token"]).services] == codes


def test_ticket_of_one_service_or_none_carries_just_that(cast: Cast) -> None:
    one = cast.post(f"{HOME}/tickets", {"service": "SB-0301"}, cast.kiosk_token).get_json()
    assert one["services"] == ["SB-0301"]
    assert cast.took("B")["services"] == []


def test_bundle_begins_with_the_first_service_that_is_offered(cast: Cast) -> None:
    with transaction():
        switch(cast.station, services_by_code(get_bundle(BIRTH).services[:2]), is_on=False)
    body = cast.post(f"{HOME}/tickets", {"bundle": BIRTH}, cast.kiosk_token).get_json()
    assert (body["queue"], body["service"]) == ("B", "YB-0104")


@on_sqlite
def test_bundle_of_which_nothing_is_offered_is_refused(cast: Cast) -> None:
    with transaction():
        switch(cast.station, services_by_code(get_bundle(BIRTH).services), is_on=False)
    answer = cast.post(f"{HOME}/tickets", {"bundle": BIRTH}, cast.kiosk_token)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "bundles.not_here")


@on_sqlite
@pytest.mark.parametrize(
    "body", [{"bundle": BIRTH, "queue": "A"}, {"bundle": BIRTH, "service": "SB-0301"}, {}]
)
def test_only_one_of_three_may_be_named(cast: Cast, body: dict[str, str]) -> None:
    assert cast.post(f"{HOME}/tickets", body, cast.kiosk_token).status_code == 422


@on_sqlite
def test_unknown_bundle_is_refused(cast: Cast) -> None:
    answer = cast.post(f"{HOME}/tickets", {"bundle": "YJS-77"}, cast.kiosk_token)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "bundles.unknown")


def test_same_key_gives_the_same_ticket(cast: Cast) -> None:
    first, second = (
        cast.post(f"{HOME}/tickets", {"bundle": BIRTH}, cast.kiosk_token, Idempotency_Key="one")
        for _ in range(2)
    )
    assert first.get_json() == second.get_json()


@on_sqlite
def test_desk_sees_every_service_of_the_ticket(cast: Cast) -> None:
    cast.post(f"{HOME}/tickets", {"bundle": BIRTH}, cast.kiosk_token)
    clerk = cast.browser("zhou")
    token = form_token(clerk, "/admin/desk")
    clerk.post("/admin/desk/sit", data={"csrf_token": token, "number": "3"})
    cast.did("call-next", 3)
    page = clerk.get("/admin/desk").text
    for service in services_by_code(get_bundle(BIRTH).services):
        assert service.name_zh in page
