"""Files of services: look at what they would change, take them over, or take the catalog along."""

from http import HTTPStatus

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.access import actor, note_change, page
from kiosk import clock
from kiosk.catalog import actions, files, hsds
from kiosk.catalog.models import Upload
from kiosk.catalog.queries import all_services, get_upload
from kiosk.catalog.sheet import NATIONAL, Checked, WrongFile, check
from kiosk.db import transaction
from kiosk.refusal import Refusal

SHOWN = 200
LARGEST_FILE = 8 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def index() -> str:
    """Ask for a file."""
    return page("uploads/index")


def add() -> ResponseReturnValue:
    """Check a file and show what it would change; the catalog stays as it is."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        refusal = Refusal("uploads.missing", "Choose a file first.")
        return page("uploads/index", refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    with sent.stream as stream:
        checked = _checked(sent.filename, stream.read())
    if not checked.rows:
        return page("uploads/index", wrong=checked.wrong), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction():
        upload = actions.upload(sent.filename, checked, by=actor(), at=clock.now())
    return _preview(upload, checked)


def apply(upload: int) -> ResponseReturnValue:
    """Take over what was previewed: all of it, or nothing."""
    kept = get_upload(upload)
    try:
        with transaction():
            done = actions.apply(kept, at=clock.now())
            note_change("catalog.import", kept.file_name, f"+{done.added} ~{done.changed}")
    except Refusal as refusal:
        return page("uploads/index", refusal), refusal.status
    return redirect(url_for("admin.catalog.index"), 303)


def export_csv() -> Response:
    """Hand out the catalog as CSV."""
    return _file(files.write_csv(all_services()), "text/csv; charset=utf-8", "csv")


def export_xlsx() -> Response:
    """Hand out the catalog as XLSX."""
    return _file(files.write_xlsx(all_services()), XLSX, "xlsx")


def export_hsds() -> Response:
    """Hand out the catalog as Open Referral HSDS 3.0."""
    return _file(hsds.write(all_services()), "application/json", "json")


def _checked(name: str, data: bytes) -> Checked:
    try:
        return check(files.read(name, data))
    except WrongFile as error:
        return Checked([], list(error.rows))


def _preview(upload: Upload, checked: Checked) -> str:
    changes = actions.changes_of(upload.records)
    added = sum(change.is_new for change in changes)
    return page(
        "uploads/index",
        upload=upload,
        wrong=checked.wrong,
        columns=NATIONAL,
        changes=changes[:SHOWN],
        added=added,
        changed=len(changes) - added,
        same=len(upload.records) - len(changes),
        kept=len(all_services()) - (len(upload.records) - added),
    )


def _file(data: bytes, kind: str, ending: str) -> Response:
    name = f"services-{clock.now():%Y-%m-%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, content_type=kind, headers=headers)
