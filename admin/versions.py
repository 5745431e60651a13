"""The versions of a guide: listed, two of them side by side, an old one taken back."""

from collections.abc import Sequence

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.access import names_by, note_change, page
from kiosk import clock
from kiosk.access import actor
from kiosk.catalog import actions
from kiosk.catalog.differences import differences
from kiosk.catalog.models import GuideVersion, Service
from kiosk.catalog.queries import get_service, get_version, published_version, versions_of
from kiosk.db import transaction
from kiosk.refusal import Refusal


def index(code: str) -> Response:
    """List the versions of a guide, and show two of them side by side."""
    return _versions(get_service(code))


def restore(code: str, number: int) -> ResponseReturnValue:
    """Begin a draft with the text of an earlier version."""
    service = get_service(code)
    version = get_version(service, number)
    try:
        with transaction():
            actions.restore(version, by=actor(), at=clock.now())
            note_change("guides.restore", service.code, str(number))
    except Refusal as refusal:
        return _versions(service, refusal)
    return redirect(url_for("admin.guides.show", code=code), 303)


def drop(code: str, number: int) -> ResponseReturnValue:
    """Put a draft or a scheduled version away."""
    service = get_service(code)
    version = get_version(service, number)
    try:
        with transaction():
            actions.drop(version, by=actor(), at=clock.now())
            note_change("guides.drop", service.code, str(number))
    except Refusal as refusal:
        return _versions(service, refusal)
    return redirect(url_for("admin.versions.index", code=code), 303)


def _versions(service: Service, refusal: Refusal | None = None) -> Response:
    versions = versions_of(service)
    after = _chosen(versions, "b", 0)
    before = _chosen(versions, "a", versions.index(after) + 1 if after else 1)
    read = published_version(service, clock.now())
    return page(
        "services/versions",
        refusal,
        service=service,
        versions=versions,
        before=before,
        after=after,
        rows=differences(before.content, after.content) if before and after else [],
        read=read.number if read else 0,
        names=names_by({v.saved_by for v in versions} | {v.published_by for v in versions}),
    )


def _chosen(versions: Sequence[GuideVersion], name: str, place: int) -> GuideVersion | None:
    """Return the version that the address names, else the one at a place of the list."""
    number = request.args.get(name, 0, int)
    named = next((version for version in versions if version.number == number), None)
    return named or (versions[place] if place < len(versions) else None)
