"""Guides: read from a file whole or not at all, kept as versions, one of them published."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from kiosk import clock
from kiosk.actor import OPERATOR
from kiosk.catalog.actions import publish_guide
from kiosk.catalog.guide import Guide, WrongGuides, read_guides
from kiosk.catalog.lacks import lacks
from kiosk.catalog.models import GuideState, GuideVersion
from kiosk.catalog.most_asked import most_asked_first
from kiosk.catalog.pinyin import HANZI
from kiosk.catalog.queries import contradicted, get_service, published_guide
from kiosk.db import session, transaction
from kiosk.setup import GUIDES, fill
from tests.databases import on_sqlite

CODE = "BM-0103"
SMALL: dict[str, Any] = {
    "applicants": {"zh": "所有人", "en": "Everybody"},
    "materials": [{"key": "id-card", "name": {"zh": "身份证", "en": "ID card"}}],
    "source": {"zh": "试验", "en": "A trial"},
    "compiled_on": "2026-11-21",
}


def guide(**changes: Any) -> Guide:  # noqa: ANN401 - a guide's fields
    return Guide.model_validate(SMALL | changes)


def run(app: Flask, folder: Path, content: object) -> tuple[int, str]:
    file = folder / "guides.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["catalog", "guides", str(file)])
    session.expire_all()
    return result.exit_code, result.output


def versions(code: str = CODE) -> list[tuple[int, GuideState]]:
    session.expire_all()
    found = session.scalars(
        select(GuideVersion)
        .where(GuideVersion.service_id == get_service(code).id)
        .order_by(GuideVersion.number)
    )
    return [(version.number, version.state) for version in found]


def shipped() -> dict[str, Guide]:
    guides: dict[str, Guide] = {}
    for file in sorted(GUIDES.glob("*.json")):
        guides |= read_guides(file.read_text(encoding="utf-8"))
    return guides


def texts_of(value: object) -> Iterator[dict[str, str]]:
    if isinstance(value, dict) and value.keys() == {"zh", "en"}:
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_of(inner)


def test_first_start_has_the_sample_guides(app: Flask) -> None:
    guides = shipped()
    assert len(guides) >= 60
    assert session.scalar(select(func.count()).select_from(GuideVersion)) == len(guides)
    assert {get_service(code).domain.value for code in guides} == {"party", "civic", "social"}
    assert contradicted() == frozenset()


@on_sqlite
def test_shipped_guides_are_samples_that_nobody_checked(app: Flask) -> None:
    assert {(g.is_sample, g.checked_on, str(g.compiled_on)) for g in shipped().values()} == {
        (True, None, "2026-11-22")
    }


def test_the_sixty_most_asked_have_complete_guides_in_both_languages() -> None:
    guides = shipped()
    asked = most_asked_first()
    assert len(set(asked)) == len(asked) == 60
    assert {code: left for code in asked if (left := lacks(guides[code].content))} == {}
    half = [
        (code, words)
        for code in asked
        for words in texts_of(guides[code].content)
        if not (HANZI.search(words["zh"]) and re.search("[A-Za-z]", words["en"]))
        or HANZI.search(re.sub("（[^）]*）|\\([^)]*\\)", "", words["en"]))
    ]
    assert half == []


def test_each_material_says_original_or_copy_in_which_form_and_where_from() -> None:
    silent = [
        (code, material.key)
        for code, guide in shipped().items()
        for material in guide.materials
        if None in (material.original, material.copies, material.form, material.source)
    ]
    assert silent == []


@on_sqlite
def test_the_same_key_is_the_same_material_everywhere(app: Flask) -> None:
    names: dict[str, set[str]] = {}
    for entry in shipped().values():
        for material in entry.materials:
            names.setdefault(material.key, set()).add(material.name.zh)
    assert {key: found for key, found in names.items() if len(found) > 1} == {}


def test_second_start_publishes_nothing(app: Flask) -> None:
    before = session.scalar(select(func.count()).select_from(GuideVersion))
    fill()
    assert session.scalar(select(func.count()).select_from(GuideVersion)) == before


@pytest.mark.parametrize("name", ["party", "civic", "social"])
def test_shipped_file_twice_changes_nothing(app: Flask, name: str) -> None:
    result = app.test_cli_runner().invoke(args=["catalog", "guides", str(GUIDES / f"{name}.json")])
    count = len(read_guides((GUIDES / f"{name}.json").read_text(encoding="utf-8")))
    assert (result.exit_code, result.output) == (0, f"0 added, 0 changed, {count} as before.\n")


def test_new_guide_is_added_and_a_changed_one_retires_the_old(app: Flask, tmp_path: Path) -> None:
    assert run(app, tmp_path, {"BM-0104": SMALL}) == (0, "1 added, 0 changed, 0 as before.\n")
    changed = SMALL | {"visits": 0}
    assert run(app, tmp_path, {"BM-0104": changed})[1] == "0 added, 1 changed, 0 as before.\n"
    assert versions("BM-0104") == [(1, GuideState.RETIRED), (2, GuideState.PUBLISHED)]


def wrong(path: str, value: object) -> dict[str, Any]:
    content = deepcopy(SMALL)
    place: Any = content
    *parts, last = path.split(".")
    for part in parts:
        place = place[int(part)] if part.isdigit() else place[part]
    place[last] = value
    return content


@on_sqlite
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (wrong("applicants.en", ""), "applicants.en: "),
        (wrong("price", 5), "price: "),
        (wrong("materials.0.name.zh", "其他材料"), "materials.0.name: "),
        (wrong("materials.0.copies", -1), "materials.0.copies: "),
        (wrong("materials", SMALL["materials"] * 2), "id-card stands twice"),
        (wrong("visits", 1), "say why somebody must come"),
        (wrong("legal_limit", {"amount": 5, "unit": "weeks"}), "legal_limit.unit: "),
        (wrong("legal_limit", {"unit": "working_days"}), "legal_limit: "),
        (wrong("compiled_on", "yesterday"), "compiled_on: "),
    ],
)
def test_wrong_entry_is_named_and_nothing_is_imported(
    app: Flask, tmp_path: Path, content: dict[str, Any], reason: str
) -> None:
    exit_code, output = run(app, tmp_path, {"BM-0104": SMALL, "BM-0105": content})
    assert exit_code == 1
    assert "BM-0105: " in output
    assert reason in output
    assert versions("BM-0104") == []


@on_sqlite
def test_guide_of_an_unknown_service_is_refused(app: Flask, tmp_path: Path) -> None:
    exit_code, output = run(app, tmp_path, {"BM-0104": SMALL, "ZZ-9999": SMALL})
    assert (exit_code, "ZZ-9999: there is no such service" in output) == (1, True)
    assert versions("BM-0104") == []


@pytest.mark.parametrize("content", ["[]", "{", "", "{}", '{"BM-0104": 1, "BM-0104": 2}'])
def test_file_that_holds_no_guides_is_refused(content: str) -> None:
    with pytest.raises(WrongGuides):
        read_guides(content)


def test_publishing_retires_the_version_before(app: Flask) -> None:
    service = get_service(CODE)
    with transaction():
        publish_guide(service, guide(), by=OPERATOR, at=clock.now())
    assert versions() == [(1, GuideState.RETIRED), (2, GuideState.PUBLISHED)]
    found = published_guide(service, clock.now())
    assert found == guide()


def test_two_published_versions_are_impossible(app: Flask) -> None:
    service = get_service(CODE)
    second = GuideVersion(
        service_id=service.id,
        number=9,
        state=GuideState.PUBLISHED,
        content=guide().content,
        author="operator",
        created_at=clock.now(),
        published_at=clock.now(),
    )
    with pytest.raises(IntegrityError), transaction():
        session.add(second)


def test_guide_counts_from_its_start_to_its_end(app: Flask) -> None:
    service = get_service(CODE)
    at = clock.now()
    with transaction():
        version = publish_guide(service, guide(), by=OPERATOR, at=at)
        version.starts_at, version.ends_at = at + timedelta(days=1), at + timedelta(days=2)
    assert published_guide(service, at) is None
    assert published_guide(service, at + timedelta(days=1)) == guide()
    assert published_guide(service, at + timedelta(days=2)) is None


@on_sqlite
def test_program_reads_the_whole_guide(app: Flask) -> None:
    client = app.test_client()
    found = client.get("/api/v1/services/JZ-0201").get_json()
    assert found["name_zh"] == "上海市居住证首次申领"
    assert Guide.model_validate(found["guide"]) == shipped()["JZ-0201"]
    assert client.get("/api/v1/services/BM-0228").get_json()["guide"] is None
