"""What happens to guides: taken over from a file, written, reviewed, published, brought back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from kiosk.actor import Actor
from kiosk.catalog.actions.changes import Field, fields_between, note_change, write_history
from kiosk.catalog.actions.tables import Imported
from kiosk.catalog.draft import Problem, check
from kiosk.catalog.guide import Guide, WrongGuides
from kiosk.catalog.lacks import percent
from kiosk.catalog.models import GuideState, GuideVersion, Service
from kiosk.catalog.queries import all_services, find_open
from kiosk.db import session
from kiosk.refusal import Refusal, say

OPEN = (GuideState.DRAFT, GuideState.REVIEW)


class Overtaken(Refusal):
    """Refuse to save over what somebody else saved meanwhile; nothing of either is lost."""

    def __init__(self) -> None:
        super().__init__(
            "guides.overtaken",
            say(
                "Somebody else saved this guide meanwhile. Both texts stand below; nothing is lost."
            ),
        )


def import_guides(guides: dict[str, Guide], *, by: Actor, at: datetime) -> Imported:
    """Publish the guides of a file, by their service's code; what is published already stays."""
    services = {service.code: service for service in all_services()}
    if unknown := [code for code in guides if code not in services]:
        raise WrongGuides([f"{code}: there is no such service" for code in unknown])
    published = _published_guides()
    added = changed = 0
    for code, guide in guides.items():
        before = published.get(services[code].id)
        if before == guide:
            continue
        publish_guide(services[code], guide, by=by, at=at)
        added += before is None
        changed += before is not None
    return Imported(added, changed, len(guides) - added - changed)


def publish_guide(service: Service, guide: Guide, *, by: Actor, at: datetime) -> GuideVersion:
    """Show visitors this guide from now on, without a draft; the one before is retired."""
    number = _next_number(service)
    _retire_published(service)
    version = GuideVersion(
        service_id=service.id,
        number=number,
        state=GuideState.PUBLISHED,
        content=guide.content,
        percent=percent(guide.content),
        author=by.name,
        created_at=at,
        saved_at=at,
        saved_by=by.name,
        published_at=at,
        published_by=by.name,
    )
    session.add(version)
    if guide.checked_on and (service.checked_on is None or service.checked_on < guide.checked_on):
        service.checked_on = guide.checked_on
    session.flush()
    _note(version, "guide.publish", by=by, at=at)
    return version


def save_draft(
    service: Service, content: dict[str, Any], revision: int, *, by: Actor, at: datetime
) -> GuideVersion:
    """Keep a draft as it was typed; `revision` is the one it was made from, 0 for a new draft.

    Raises Overtaken where somebody else saved since, and leaves theirs as it is.
    """
    draft = find_open(service)
    if revision == 0 and draft is None:
        return _begin(service, content, by=by, at=at)
    if draft is None:
        raise Overtaken
    before = draft.content
    _claim(
        draft,
        GuideState.DRAFT,
        revision,
        content=content,
        percent=percent(content),
        saved_at=at,
        saved_by=by.name,
    )
    if fields := fields_between(before, content):
        write_history([service], "guide.save", fields, by=by, at=at)
    return draft


def send_to_review(version: GuideVersion, note: str, *, by: Actor, at: datetime) -> None:
    """Ask somebody else to read a draft; what is wrong with it must be right first."""
    _whole(version)
    _claim(version, GuideState.DRAFT, version.revision, state=GuideState.REVIEW, note=note)
    _note(version, "guide.review", [("note", "", note)] if note else [], by=by, at=at)


def send_back(version: GuideVersion, answer: str, *, by: Actor, at: datetime) -> None:
    """Make a version that is in review a draft again, with what should be done to it."""
    _claim(version, GuideState.REVIEW, version.revision, state=GuideState.DRAFT, answer=answer)
    _note(version, "guide.back", [("answer", "", answer)] if answer else [], by=by, at=at)


def publish(
    version: GuideVersion,
    *,
    by: Actor,
    at: datetime,
    is_alone: bool,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> None:
    """Show visitors a version that was reviewed, now or from `starts_at` to `ends_at`.

    Nobody publishes what they saved themselves, unless they are alone (`is_alone`): nobody else
    at work here may publish.
    """
    if version.saved_by == by.name and not is_alone:
        raise Refusal(
            "guides.own", "You wrote this. Somebody else reads it and publishes it: four eyes."
        )
    guide = _whole(version)
    begins = starts_at if starts_at and starts_at > at else None
    if ends_at is not None and ends_at <= (begins or at):
        raise Refusal("guides.span", "The end stands before the start. Choose a later end.")
    _lock(version.service)
    if begins is None:
        _retire_published(version.service)
    _claim(
        version,
        GuideState.REVIEW,
        version.revision,
        state=GuideState.SCHEDULED if begins else GuideState.PUBLISHED,
        content=guide.content,
        percent=percent(guide.content),
        published_at=at,
        published_by=by.name,
        starts_at=begins,
        ends_at=ends_at,
        answer="",
    )
    _note(version, "guide.publish", _span(version), by=by, at=at)


def restore(version: GuideVersion, *, by: Actor, at: datetime) -> GuideVersion:
    """Begin a draft with the content of an earlier version; an open draft must be done first."""
    if find_open(version.service) is not None:
        raise Refusal(
            "guides.open",
            "There is an open draft. Publish it or drop it first, then take this one back.",
        )
    draft = _begin(version.service, version.content, by=by, at=at)
    _note(draft, "guide.restore", [("version", "", str(version.number))], by=by, at=at)
    return draft


def drop(version: GuideVersion, *, by: Actor, at: datetime) -> None:
    """Put an open or scheduled version away; it stays in the list and can be taken back."""
    if version.state not in (*OPEN, GuideState.SCHEDULED):
        raise Refusal("guides.read", "Visitors read this version. Publish another one instead.")
    _claim(version, version.state, version.revision, state=GuideState.RETIRED)
    _note(version, "guide.drop", by=by, at=at)


def not_right_yet(problems: Sequence[Problem]) -> Refusal:
    """Return the refusal of a guide that visitors cannot read yet."""
    return Refusal(
        "guides.wrong",
        "Kept as a draft. %(count)s places must be put right before somebody reviews it.",
        count=len(problems),
    )


def begin_scheduled(at: datetime) -> int:
    """Publish the scheduled versions whose time has come; returns how many that were."""
    due = session.scalars(
        select(GuideVersion)
        .where(GuideVersion.state == GuideState.SCHEDULED, GuideVersion.starts_at <= at)
        .order_by(GuideVersion.starts_at, GuideVersion.number)
    ).all()
    for version in due:
        _lock(version.service)
        _retire_published(version.service)
        _claim(version, GuideState.SCHEDULED, version.revision, state=GuideState.PUBLISHED)
    return len(due)


def _begin(service: Service, content: dict[str, Any], *, by: Actor, at: datetime) -> GuideVersion:
    draft = GuideVersion(
        service_id=service.id,
        number=_next_number(service),
        state=GuideState.DRAFT,
        content=content,
        percent=percent(content),
        author=by.name,
        created_at=at,
        saved_at=at,
        saved_by=by.name,
        revision=1,
    )
    if find_open(service) is not None:
        raise Overtaken
    session.add(draft)
    session.flush()
    _note(draft, "guide.begin", by=by, at=at)
    return draft


def _claim(version: GuideVersion, left: GuideState, revision: int, /, **values: object) -> None:
    """Change a version if it still is in the state it leaves and as its reader saw it."""
    claimed = session.scalar(
        update(GuideVersion)
        .where(
            GuideVersion.id == version.id,
            GuideVersion.state == left,
            GuideVersion.revision == revision,
        )
        .values(revision=GuideVersion.revision + 1, **values)
        .returning(GuideVersion.id)
    )
    if claimed is None:
        raise Overtaken
    session.refresh(version)


def _whole(version: GuideVersion) -> Guide:
    guide, problems = check(version.content)
    if guide is None:
        raise not_right_yet(problems)
    return guide


def _lock(service: Service) -> None:
    """Let two who give out numbers or publish at once follow each other."""
    session.execute(select(Service.id).where(Service.id == service.id).with_for_update())


def _next_number(service: Service) -> int:
    _lock(service)
    last = session.scalar(
        select(func.max(GuideVersion.number)).where(GuideVersion.service_id == service.id)
    )
    return (last or 0) + 1


def _retire_published(service: Service) -> None:
    session.execute(
        update(GuideVersion)
        .where(GuideVersion.service_id == service.id, GuideVersion.state == GuideState.PUBLISHED)
        .values(state=GuideState.RETIRED)
    )


def _span(version: GuideVersion) -> list[Field]:
    return [
        (name, "", moment.isoformat())
        for name, moment in (("starts_at", version.starts_at), ("ends_at", version.ends_at))
        if moment is not None
    ]


def _note(
    version: GuideVersion,
    verb: str,
    fields: list[Field] | None = None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    number = ("version", "", str(version.number))
    write_history([version.service], verb, [number, *(fields or [])], by=by, at=at)
    note_change()


def _published_guides() -> dict[int, Guide]:
    versions = session.scalars(
        select(GuideVersion).where(GuideVersion.state == GuideState.PUBLISHED)
    )
    return {version.service_id: version.guide for version in versions}
