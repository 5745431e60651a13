"""The life of a guide: draft, review, published, from one day to another, taken back."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from kiosk import clock
from kiosk.actor import Actor
from kiosk.catalog import actions
from kiosk.catalog.actions import Overtaken
from kiosk.catalog.commands import sweep
from kiosk.catalog.draft import content_of, with_keys
from kiosk.catalog.models import GuideState, GuideVersion
from kiosk.catalog.queries import (
    find_open,
    get_service,
    guide_lines,
    history_of,
    published_guide,
    versions_of,
)
from kiosk.db import session, transaction
from kiosk.refusal import Refusal
from tests.admin.forms_of_guides import fields
from tests.databases import on_sqlite

LI, ZHOU = Actor("member:1", "manager"), Actor("member:2", "manager")
CODE = "BM-0228"
DAY = timedelta(days=1)


def content(**changed: str) -> dict[str, Any]:
    return with_keys(content_of(fields(**changed).items()), {})


def save(revision: int = 0, by: Actor = LI, **changed: str) -> GuideVersion:
    with transaction():
        return actions.save_draft(
            get_service(CODE), content(**changed), revision, by=by, at=clock.now()
        )


def review() -> GuideVersion:
    draft = save()
    with transaction():
        actions.send_to_review(draft, "", by=LI, at=clock.now())
    return draft


def publish(version: GuideVersion, **more: Any) -> None:  # noqa: ANN401 - an action's
    with transaction():
        given: dict[str, Any] = {"by": ZHOU, "at": clock.now(), "is_alone": False}
        actions.publish(version, **(given | more))


def states() -> list[tuple[int, str]]:
    session.expire_all()
    return [(v.number, v.state.value) for v in versions_of(get_service(CODE))]


def test_a_draft_changes_nothing_for_visitors(app: Flask) -> None:
    save()
    assert states() == [(1, "draft")]
    assert published_guide(get_service(CODE), clock.now()) is None


def test_two_open_drafts_are_impossible(app: Flask) -> None:
    save()
    second = GuideVersion(
        service_id=get_service(CODE).id,
        number=2,
        state=GuideState.REVIEW,
        content={},
        author="member:1",
        created_at=clock.now(),
    )
    with pytest.raises(IntegrityError), transaction():
        session.add(second)


def test_second_editor_is_refused_and_nothing_is_lost(app: Flask) -> None:
    save()
    save(1, applicants__zh="单位")
    for revision in (0, 1):
        with pytest.raises(Overtaken):
            save(revision, ZHOU, applicants__zh="个人")
    draft = find_open(get_service(CODE))
    assert draft is not None
    assert draft.content["applicants"]["zh"] == "单位"
    assert (draft.revision, draft.saved_by) == (2, "member:1")
    save(2, ZHOU, applicants__zh="个人")


@on_sqlite
def test_a_wrong_draft_is_kept_and_not_reviewed(app: Flask) -> None:
    draft = save(visits="2")
    with pytest.raises(Refusal) as refused, transaction():
        actions.send_to_review(draft, "", by=LI, at=clock.now())
    assert (refused.value.code, refused.value.values["count"]) == ("guides.wrong", 1)
    assert states() == [(1, "draft")]


def test_nobody_publishes_their_own_unless_alone(app: Flask) -> None:
    version = review()
    with pytest.raises(Refusal, match=r"guides\.own"):
        publish(version, by=LI)
    publish(version, by=LI, is_alone=True)
    assert states() == [(1, "published")]


def test_second_person_publishes_and_history_says_so(app: Flask) -> None:
    publish(review())
    service = get_service(CODE)
    guide = published_guide(service, clock.now())
    assert guide is not None
    assert guide.applicants.zh == "所有居民"
    assert [(row.verb, row.by) for row in history_of(service, 9)] == [
        ("guide.publish", "member:2"),
        ("guide.review", "member:1"),
        ("guide.begin", "member:1"),
    ]


def test_sent_back_it_is_a_draft_with_an_answer(app: Flask) -> None:
    version = review()
    with transaction():
        actions.send_back(version, "缺时限", by=ZHOU, at=clock.now())
    draft = find_open(get_service(CODE))
    assert draft is not None
    assert (draft.state, draft.answer) == (GuideState.DRAFT, "缺时限")
    with pytest.raises(Overtaken):
        publish(version)


def test_scheduled_version_begins_and_ends_by_the_clock(app: Flask) -> None:
    publish(review())
    draft = save(0, LI, applicants__zh="新规定")
    with transaction():
        actions.send_to_review(draft, "", by=LI, at=clock.now())
    at = clock.now()
    publish(draft, starts_at=at + DAY, ends_at=at + 3 * DAY)
    service = get_service(CODE)
    assert states() == [(2, "scheduled"), (1, "published")]

    def read(days: int) -> str | None:
        guide = published_guide(service, at + days * DAY)
        return guide.applicants.zh if guide else None

    assert [read(days) for days in (0, 1, 2, 3)] == ["所有居民", "新规定", "新规定", None]
    assert guide_lines(at)[service.id].state == "published"


def test_the_clock_retires_what_was_before(app: Flask, clock: Any) -> None:  # noqa: ANN401
    publish(review())
    draft = save(0, LI, applicants__zh="新规定")
    with transaction():
        actions.send_to_review(draft, "", by=LI, at=_now())
    publish(draft, starts_at=_now() + DAY)
    sweep()
    assert states() == [(2, "scheduled"), (1, "published")]
    clock.shift(DAY)
    sweep()
    assert states() == [(2, "published"), (1, "retired")]


@on_sqlite
def test_an_end_before_the_start_is_refused(app: Flask) -> None:
    version = review()
    at = clock.now()
    for starts_at, ends_at in ((at + DAY, at + DAY), (None, at), (at + 2 * DAY, at + DAY)):
        with pytest.raises(Refusal, match=r"guides\.span"):
            publish(version, starts_at=starts_at, ends_at=ends_at)
    assert states() == [(1, "review")]


def test_old_version_comes_back_as_a_draft(app: Flask) -> None:
    publish(review())
    publish_second = save(0, LI, applicants__zh="单位")
    with pytest.raises(Refusal, match=r"guides\.open"), transaction():
        actions.restore(versions_of(get_service(CODE))[1], by=LI, at=clock.now())
    with transaction():
        actions.drop(publish_second, by=LI, at=clock.now())
    with transaction():
        actions.restore(versions_of(get_service(CODE))[1], by=LI, at=clock.now())
    assert states() == [(3, "draft"), (2, "retired"), (1, "published")]
    with pytest.raises(Refusal, match=r"guides\.read"), transaction():
        actions.drop(versions_of(get_service(CODE))[2], by=LI, at=clock.now())


def test_a_check_is_kept_with_who_and_shown(app: Flask) -> None:
    service = get_service("JZ-0201")
    with transaction():
        actions.check_services([service], date(2026, 11, 20), by=ZHOU, at=clock.now())
    guide = published_guide(service, clock.now())
    assert guide is not None
    assert (guide.checked_on, service.checked_by) == (date(2026, 11, 20), "member:2")
    assert history_of(service, 1)[0].fields == [["checked_on", "", "2026-11-20"]]


@on_sqlite
def test_shipped_guides_know_how_complete_they_are(app: Flask) -> None:
    least = session.scalar(select(func.min(GuideVersion.percent)))
    assert least is not None
    assert least > 50


def _now() -> Any:  # noqa: ANN401 - a moment, while `clock` is the traveller
    return clock.now()
