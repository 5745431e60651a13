"""The catalog in the words of Open Referral HSDS 3.0."""

import json
from uuid import UUID

from flask import Flask

from kiosk.catalog.hsds import write
from kiosk.catalog.queries import all_services
from tests.databases import on_sqlite

pytestmark = on_sqlite

# What the public schema requires of each object.
REQUIRED = {
    "service": {"id", "name", "status"},
    "organization": {"id", "name", "description"},
    "attribute": {"id", "link_id", "taxonomy_term_id", "link_entity"},
    "taxonomy_term": {"id", "name", "description"},
    "taxonomy_detail": {"id", "name", "description"},
}
STATUS = {"active", "inactive", "defunct", "temporarily closed"}


def test_every_service_has_what_the_standard_requires(app: Flask) -> None:
    page = json.loads(write(all_services()))
    assert (page["total_items"], len(page["contents"])) == (1265, 1265)
    for service in page["contents"]:
        [attribute] = service["attributes"]
        term = attribute["taxonomy_term"]
        things = {
            "service": service,
            "organization": service.get("organization"),
            "attribute": attribute,
            "taxonomy_term": term,
            "taxonomy_detail": term["taxonomy_detail"],
        }
        for kind, thing in things.items():
            if thing is not None:
                assert set(thing) >= REQUIRED[kind]
                assert UUID(thing["id"]).version == 5
        assert service["status"] in STATUS
        assert attribute["taxonomy_term_id"] == term["id"]


def test_identifiers_are_distinct_and_stay(app: Flask) -> None:
    first, second = (json.loads(write(all_services())) for _ in range(2))
    assert first == second
    assert len({service["id"] for service in first["contents"]}) == 1265
