"""The guide of a service: written as a draft, read by a second person, published."""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.access import names_by, note_change, page, problems_said, station, worker
from admin.days import span_sent
from kiosk import clock
from kiosk.access import actor
from kiosk.catalog import actions
from kiosk.catalog.bundles import Needed
from kiosk.catalog.differences import differences
from kiosk.catalog.draft import (
    Content,
    changed_rows,
    check,
    content_of,
    empty_content,
    readable,
    with_keys,
)
from kiosk.catalog.lacks import ASKED, clashes, lacks, percent
from kiosk.catalog.models import GuideState, GuideVersion, Service
from kiosk.catalog.queries import (
    find_open,
    get_service,
    material_keys,
    published_version,
    versions_of,
)
from kiosk.db import transaction
from kiosk.refusal import Refusal
from kiosk.staff.permissions import PUBLISH
from kiosk.staff.queries import has_colleague
from kiosk.tickets.queries import today_of

LARGEST_GUIDE = 512 * 1024
LONGEST_NOTE = 500
SHOWN_VERSIONS = 6


def show(code: str) -> Response:
    """Show a service's guide, to be read, written or answered."""
    service = get_service(code)
    draft = find_open(service)
    return _editor(service, _latest(service, draft), draft)


def save(code: str) -> ResponseReturnValue:
    """Keep a draft as it was typed; a row may be added or moved, and review asked for."""
    service = get_service(code)
    verb, _, path = request.form.get("do", "save").partition(":")
    sent = changed_rows(content_of(request.form.items(multi=True)), verb, path)
    content = with_keys(sent, material_keys())
    if verb == "theirs":
        return _merged(service, content, path)
    _, problems = check(content)
    revision = request.form.get("revision", 0, int)
    note = request.form.get("note", "").strip()[:LONGEST_NOTE]
    try:
        with transaction():
            draft = actions.save_draft(service, content, revision, by=actor(), at=clock.now())
            if verb == "review" and not problems:
                actions.send_to_review(draft, note, by=actor(), at=clock.now())
    except actions.Overtaken as refusal:
        return _editor(service, content, find_open(service), refusal, is_mine=True)
    if verb == "review" and problems:
        return _editor(service, content, draft, actions.not_right_yet(problems))
    anchor = _place(verb, path, content)
    return redirect(url_for("admin.guides.show", code=code, _anchor=anchor), 303)


def answer(code: str) -> ResponseReturnValue:
    """Publish what is in review, or send it back with words."""
    service = get_service(code)
    draft = find_open(service)
    words = request.form.get("answer", "").strip()[:LONGEST_NOTE]
    if draft is None:
        return redirect(url_for("admin.guides.show", code=code), 303)
    try:
        starts_at, ends_at = span_sent()
        with transaction():
            if request.form.get("do") == "publish":
                actions.publish(
                    draft,
                    by=actor(),
                    at=clock.now(),
                    is_alone=_is_alone(),
                    starts_at=starts_at,
                    ends_at=ends_at,
                )
                note_change("guides.publish", service.code, str(draft.number))
            else:
                _need_words(words)
                actions.send_back(draft, words, by=actor(), at=clock.now())
    except Refusal as refusal:
        draft = find_open(service)
        return _editor(service, _latest(service, draft), draft, refusal)
    return redirect(url_for("admin.guides.show", code=code), 303)


def reopen(code: str) -> ResponseReturnValue:
    """Take a version out of review, to go on writing."""
    draft = find_open(get_service(code))
    with transaction():
        if draft is not None and draft.state is GuideState.REVIEW:
            actions.send_back(draft, "", by=actor(), at=clock.now())
    return redirect(url_for("admin.guides.show", code=code), 303)


def _need_words(words: str) -> None:
    if not words:
        raise Refusal("guides.silent", "Say what should be done, so that the writer knows.")


def _is_alone() -> bool:
    return not has_colleague(worker().member, PUBLISH)


def _latest(service: Service, draft: GuideVersion | None) -> Content:
    """Return what is open, else what visitors read, else an empty guide."""
    found = draft or published_version(service, clock.now())
    return empty_content(today_of(station())) | (found.content if found else {})


def _merged(service: Service, content: Content, name: str) -> ResponseReturnValue:
    """Take one field of theirs over into what was typed here; nothing is saved yet."""
    theirs = find_open(service)
    if theirs is not None and name in content:
        content[name] = theirs.content.get(name)
    return _editor(service, content, theirs, is_mine=True)


def _place(verb: str, path: str, content: Content) -> str | None:
    """Return where on the page somebody was at work."""
    name, _, row = path.partition(".")
    if verb == "add":
        return f"{name}-{len(content[name]) - 1}"
    if verb in ("up", "down"):
        return f"{name}-{max(0, int(row or 0) + (1 if verb == 'down' else -1))}"
    return f"part-{name}" if name else None


def _editor(
    service: Service,
    content: Content,
    draft: GuideVersion | None,
    refusal: Refusal | None = None,
    *,
    is_mine: bool = False,
) -> Response:
    """Show the editor; `is_mine`: the content was typed here, and differs from what is kept."""
    is_begun = draft is not None or is_mine or published_version(service, clock.now()) is not None
    problems = check(content)[1] if is_begun else []
    guide = readable(content)
    versions = versions_of(service)
    return page(
        "services/guide",
        refusal,
        service=service,
        content=content,
        draft=draft,
        revision=draft.revision if draft else 0,
        known_materials=sorted(material_keys()),
        problems=problems_said(problems),
        theirs=differences(draft.content, content) if draft is not None and is_mine else [],
        lacking=lacks(content),
        clashes=clashes(content, service.figures),
        asked=ASKED,
        percent=percent(content),
        guide=guide,
        needed=[Needed(material, ()) for material in guide.materials] if guide else [],
        versions=versions[:SHOWN_VERSIONS],
        version_count=len(versions),
        names=names_by({version.saved_by for version in versions}),
        is_own=draft is not None and draft.saved_by == actor().name,
        is_alone=_is_alone(),
        today=today_of(station()),
    )
