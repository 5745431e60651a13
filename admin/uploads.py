"""Files of services: look at what they would change, take them over, or take the catalog along."""

from collections.abc import Sequence
from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.access import note_changes, page, station
from admin.forms import SeenForm
from kiosk import clock
from kiosk.access import actor
from kiosk.catalog import actions, files, hsds, reading
from kiosk.catalog.actions import Change
from kiosk.catalog.models import Upload, UploadState
from kiosk.catalog.queries import all_services, get_upload, published_guides
from kiosk.catalog.sheet import NATIONAL, WrongRow
from kiosk.db import transaction
from kiosk.pages import now_at, part_of
from kiosk.refusal import Refusal
from kiosk.stations.queries import stations
from kiosk.tickets.queries import offers_of

PAGE = 100
LARGEST_FILE = 8 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def index() -> Response:
    """Ask for a file."""
    return page("uploads/index")


def add() -> ResponseReturnValue:
    """Keep a file and begin to read it; the catalog stays as it is."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        refusal = Refusal("uploads.missing", "Choose a file first.")
        return page("uploads/index", refusal)
    if not sent.filename.lower().endswith(files.ENDINGS):
        refusal = Refusal("uploads.unknown_kind", files.UNKNOWN_ENDING)
        return page("uploads/index", refusal)
    with sent.stream as stream, transaction():
        upload = actions.upload(sent.filename, stream.read(), by=actor(), at=clock.now())
    reading.start(upload.id, upload.attempt)
    return redirect(url_for("admin.uploads.show", upload=upload.id), 303)


def show(upload: int) -> Response:
    """Show how far a file is read, then what it would change."""
    return _page(get_upload(upload))


def again(upload: int) -> ResponseReturnValue:
    """Have a file read again whose reader died."""
    kept = get_upload(upload)
    try:
        with transaction():
            attempt = actions.read_again(kept, at=clock.now())
    except Refusal as refusal:
        return _page(kept, refusal)
    reading.start(kept.id, attempt)
    return redirect(url_for("admin.uploads.show", upload=kept.id), 303)


def apply(upload: int, body: SeenForm) -> ResponseReturnValue:
    """Take over what was previewed: all of it, or nothing."""
    kept = get_upload(upload)
    rows = actions.rows_of(kept)
    try:
        with transaction():
            done, changes = actions.apply(kept, rows, seen=body.seen, at=clock.now())
            note_changes(
                "catalog.import",
                {change.code: change.told for change in changes},
                f"+{done.added} ~{done.changed}",
                subject=kept.file_name,
            )
    except Refusal as refusal:
        return _page(kept, refusal)
    return redirect(url_for("admin.uploads.show", upload=kept.id), 303)


def export_csv() -> Response:
    """Hand out the catalog as CSV."""
    return _file(files.write_csv(all_services()), "text/csv; charset=utf-8", "csv")


def export_xlsx() -> Response:
    """Hand out the catalog as XLSX."""
    return _file(files.write_xlsx(all_services()), XLSX, "xlsx")


def export_hsds() -> Response:
    """Hand out the catalog as Open Referral HSDS 3.0, with guides, bundles and hours."""
    at = clock.now()
    services = all_services()
    codes = {service.id: service.code for service in services}
    handled = [
        hsds.Handled(place, codes[offer.service_id], offer.hours, offer.counters or (), offer.is_on)
        for place in stations()
        for offer in offers_of(place).values()
    ]
    data = hsds.write(services, published_guides(services, at), handled, at)
    return _file(data, "application/json", "json")


def _page(upload: Upload, refusal: Refusal | None = None) -> Response:
    is_ready = upload.state is UploadState.READY and upload.applied_at is None
    return page(
        "uploads/show",
        refusal,
        upload=upload,
        is_left=actions.is_left(upload, clock.now()),
        now=now_at(station()),
        **(_preview(upload) if is_ready else {"wrong": _wrong(upload)[:PAGE]}),
    )


def _preview(upload: Upload) -> dict[str, Any]:
    changes = actions.changes_of(upload.records)
    named = {record["code"] for record in upload.records}
    kept = [service for service in all_services() if service.code not in named]
    wrong = _wrong(upload)
    lists: dict[str, Sequence[WrongRow | Change | Any]] = {
        "wrong": wrong,
        "new": [change for change in changes if change.is_new],
        "changed": [change for change in changes if not change.is_new],
        "kept": kept,
    }
    asked = request.args.get("part", "")
    part = asked if asked in lists else next((name for name in lists if lists[name]), "kept")
    rows, number, pages = part_of(lists[part], PAGE)
    return {
        "counts": {name: len(rows) for name, rows in lists.items()},
        "same": len(upload.records) - len(changes),
        "part": part,
        "seen": actions.preview_mark(changes),
        "columns": NATIONAL,
        "rows": rows,
        "number": number,
        "pages": pages,
    }


def _wrong(upload: Upload) -> list[WrongRow]:
    return [WrongRow.read(told) for told in upload.wrong]


def _file(data: bytes, kind: str, ending: str) -> Response:
    name = f"services-{clock.now():%Y-%m-%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, content_type=kind, headers=headers)
