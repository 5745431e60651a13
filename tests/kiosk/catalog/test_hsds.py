"""The catalog in the words of Open Referral HSDS 3.0."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from flask import Flask

from kiosk import clock
from kiosk.catalog.bundles import bundles
from kiosk.catalog.hsds import Handled, write
from kiosk.catalog.queries import all_services, get_service, published_guides
from kiosk.db import transaction
from kiosk.staff.permissions import Role
from kiosk.stations.hours import ALWAYS, ServiceHours, WeeklySpan
from kiosk.stations.queries import get_station
from kiosk.tickets.actions import switch
from tests.cast import Cast
from tests.databases import on_sqlite

pytestmark = on_sqlite

# Each object's `required`, and for attributes its `tabular_required` too, in the schema of HSDS
# 3.0: https://github.com/openreferral/specification, folder schema/, one file an object.
REQUIRED = {
    "service": {"id", "name", "status"},
    "organization": {"id", "name", "description"},
    "attributes": {"id", "link_id", "taxonomy_term_id", "link_entity"},
    "taxonomy_term": {"id", "name", "description"},
    "taxonomy_detail": {"id", "name", "description"},
    "required_documents": {"id"},
    "cost_options": {"id"},
    "languages": {"id"},
    "contacts": {"id"},
    "phones": {"id", "number"},
    "service_at_locations": {"id"},
    "location": {"id", "location_type"},
    "schedules": {"id"},
}
# The words that the schema allows where it allows a few only.
WORDS = {
    "status": {"active", "inactive", "defunct", "temporarily closed"},
    "location_type": {"physical", "postal", "virtual"},
    "freq": {"WEEKLY", "MONTHLY"},
    "wkst": {"MO", "TU", "WE", "TH", "FR", "SA", "SU"},
}
MORNINGS = ServiceHours(
    (WeeklySpan(1, 540, 690), WeeklySpan(3, 540, 690)), ends_on=date(2026, 12, 31)
)


@cache
def exported() -> list[dict[str, Any]]:
    services = all_services()
    handled = [
        Handled(get_station("raffles-city"), "JZ-0201", MORNINGS, (2, 3)),
        Handled(get_station("jiangsu-road"), "JZ-0201", ALWAYS),
    ]
    guides = published_guides(services, clock.now())
    page = json.loads(write(services, guides, handled, clock.now()))
    assert (page["total_items"], len(page["contents"])) == (1265, 1265)
    contents: list[dict[str, Any]] = page["contents"]
    return contents


def objects(kind: str, thing: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield an object and all that it holds, each with what it is."""
    yield kind, thing
    for name, value in thing.items():
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from objects(name, inner)


def test_every_object_has_what_the_standard_requires(app: Flask) -> None:
    seen = set()
    for service in exported():
        for kind, thing in objects("service", service):
            seen.add(kind)
            assert set(thing) >= REQUIRED[kind], kind
            assert UUID(thing["id"]).version == 5
            assert all(thing[name] in WORDS[name] for name in WORDS.keys() & thing)
            assert None not in thing.values()
    assert seen == set(REQUIRED)


def test_links_lead_to_what_is_there(app: Flask) -> None:
    for service in exported():
        for kind, thing in objects("service", service):
            if "service_id" in thing or kind == "attributes":
                assert thing.get("service_id", thing.get("link_id")) == service["id"]
            if kind == "attributes":
                assert thing["taxonomy_term_id"] == thing["taxonomy_term"]["id"]


def test_identifiers_are_distinct_and_stay(app: Flask) -> None:
    first, second = exported(), exported.__wrapped__()
    assert first == second
    own = [
        thing["id"]
        for service in first
        for kind, thing in objects("service", service)
        if kind in {"service", "required_documents", "cost_options", "languages", "schedules"}
    ]
    assert len(own) == len(set(own))


def test_guide_stands_in_it(app: Flask) -> None:
    service = next(one for one in exported() if one["alternate_name"] and _is(one, "JZ-0201"))
    documents = [one["document"] for one in service["required_documents"]]
    assert len(documents) == 4
    assert documents[0].startswith("居民身份证（原件")
    assert service["cost_options"][0]["amount"] == 0
    assert [one["code"] for one in service["languages"]] == ["zh", "en"]
    assert service["application_process"].startswith("1. ")
    assert "；" in service["eligibility_description"]


def _is(service: dict[str, Any], code: str) -> bool:
    return any(one["value"] == code for one in service["attributes"])


def test_stations_hours_stand_in_it(app: Flask) -> None:
    service = next(one for one in exported() if _is(one, "JZ-0201"))
    ours, theirs = service["service_at_locations"]
    [schedule] = ours["schedules"]
    assert ours["description"] == "2、3 号窗口"
    assert {name: schedule[name] for name in ("byday", "opens_at", "closes_at", "valid_to")} == {
        "byday": "TU,TH",
        "opens_at": "09:00+08:00",
        "closes_at": "11:30+08:00",
        "valid_to": "2026-12-31",
    }
    assert theirs["schedules"][0]["byday"] == "MO,TU,WE,TH,FR"


def test_bundles_are_a_taxonomy(app: Flask) -> None:
    terms = {
        (one["taxonomy_term"]["code"], one["taxonomy_term"]["name"])
        for service in exported()
        for one in service["attributes"]
        if one["link_type"] == "bundle"
    }
    assert terms == {(bundle.code, bundle.name_zh) for bundle in bundles()}


def test_manager_takes_it_along(cast: Cast) -> None:
    answer = cast.browser("zhou", Role.MANAGER).get("/admin/uploads/services.json")
    page = json.loads(answer.data)
    assert len(page["contents"]) == 1265
    assert all(len(one["service_at_locations"]) == 2 for one in page["contents"])


def test_status_says_what_is_withdrawn_to_come_or_switched_off(cast: Cast) -> None:
    at = clock.now()
    gone, coming, off, half = "BM-0103", "BM-0104", "BM-0105", "BM-0106"
    with transaction():
        get_service(gone).ends_at = at - timedelta(minutes=1)
        get_service(coming).starts_at = at + timedelta(days=1)
        for place in ("raffles-city", "jiangsu-road"):
            switch(get_station(place), [get_service(off)], is_on=False)
        switch(get_station("raffles-city"), [get_service(half)], is_on=False)
    answer = cast.browser("zhou", Role.MANAGER).get("/admin/uploads/services.json")
    found = {one["alternate_name"]: one for one in json.loads(answer.data)["contents"]}
    status = {
        code: found[get_service(code).name_en]["status"] for code in (gone, coming, off, half)
    }
    assert status == {
        gone: "defunct",
        coming: "inactive",
        off: "temporarily closed",
        half: "active",
    }
    assert "service_at_locations" not in found[get_service(off).name_en]
    assert len(found[get_service(half).name_en]["service_at_locations"]) == 1
