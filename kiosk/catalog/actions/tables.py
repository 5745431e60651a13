"""What happens to the catalog as a whole: tables are taken over, words are added."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, update

from kiosk.actor import Actor
from kiosk.catalog.actions.changes import note_change
from kiosk.catalog.models import AskedDay, Category, Service, Synonym, Upload, UploadState
from kiosk.catalog.pinyin import plain
from kiosk.catalog.queries import all_services, categories
from kiosk.catalog.sheet import Checked, ServiceRow, row_of
from kiosk.db import in_turns, insert_all, insert_into, session
from kiosk.refusal import Refusal

LONGEST_KEPT = 40
KEPT_DAYS = 90
KEPT_FILES = timedelta(days=7)
READER_NOTES_WITHIN = timedelta(seconds=15)
# Figures may be somebody's telephone number or door, an at sign somebody's address.
_PERSONAL = re.compile(
    r"\d[\d\s-]{2,}\d|@|\d\s*[弄号室栋幢座楼]|[0-9a-z]{6,}\d{2}|先生|女士|小姐|我叫|我是|我姓|姓名是"
)


@dataclass(frozen=True)
class Imported:
    """How many services or guides a file added, changed, and left as they were."""

    added: int
    changed: int
    same: int


@dataclass(frozen=True)
class Change:
    """What a table would do to one service: its columns as they are and as they would be."""

    code: str
    name: str
    is_new: bool
    columns: list[tuple[str, str, str]]

    @property
    def told(self) -> dict[str, list[Any]]:
        """The change as JSON: `{"promised_days": [before, after]}`, `is_new` for a new service."""
        if self.is_new:
            return {"is_new": [False, True]}
        return {column: [before, after] for column, before, after in self.columns}


def import_services(rows: Sequence[ServiceRow]) -> Imported:
    """Take over the rows of a table, by code; what the table does not name stays."""
    _take_over_categories(rows)
    known = {service.code: service for service in all_services()}
    new, changed = [], 0
    for part in in_turns(rows):
        for row in part:
            values = row.values
            service = known.get(row.code)
            if service is None:
                new.append(values)
            elif any(getattr(service, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(service, name, value)
                service.revision += 1
                changed += 1
    session.flush()
    insert_all(Service, new)
    note_change()
    return Imported(len(new), changed, len(rows) - len(new) - changed)


def changes_of(records: Sequence[dict[str, str]]) -> list[Change]:
    """Return what taking over these records would add and change, new services first."""
    known = {service.code: row_of(service).record for service in all_services()}
    found = [
        change
        for part in in_turns(records)
        for record in part
        if (change := _change(known.get(record["code"]), record)).columns
    ]
    return sorted(found, key=lambda change: (not change.is_new, change.code))


def _change(before: dict[str, str] | None, record: dict[str, str]) -> Change:
    columns = [
        (column, before[column] if before else "", text)
        for column, text in record.items()
        if not before or before[column] != text
    ]
    return Change(record["code"], record["name_zh"], before is None, columns)


def preview_mark(changes: Sequence[Change]) -> str:
    """Return the mark of a preview, by which a later press proves what it saw."""
    mark = sha256()
    for part in in_turns(changes):
        told = [(change.code, change.columns) for change in part]
        mark.update(json.dumps(told, ensure_ascii=False).encode())
    return mark.hexdigest()


def upload(file_name: str, data: bytes, *, by: Actor, at: datetime) -> Upload:
    """Keep a file until it is read; those that nobody took over in a week go."""
    session.execute(
        delete(Upload).where(Upload.applied_at.is_(None), Upload.uploaded_at < at - KEPT_FILES)
    )
    kept = Upload(
        file_name=file_name[:200],
        state=UploadState.READING,
        data=data,
        seen_at=at,
        uploaded_at=at,
        uploaded_by=by.name,
    )
    session.add(kept)
    session.flush()
    return kept


def note_progress(
    upload_id: int, attempt: int, rows: int, expected: int | None, *, at: datetime
) -> bool:
    """Note how far a file is read; tells whether this reader is still the one who reads it."""
    return _of_reader(upload_id, attempt, rows_read=rows, rows_expected=expected, seen_at=at)


def note_read(upload_id: int, attempt: int, checked: Checked) -> bool:
    """Keep what was read of a file, unless somebody else reads it by now."""
    return _of_reader(
        upload_id,
        attempt,
        state=UploadState.READY if checked.rows else UploadState.FAILED,
        records=[row.record for row in checked.rows],
        wrong=[row.told for row in checked.wrong],
        data=None,
    )


def _of_reader(upload_id: int, attempt: int, **values: object) -> bool:
    mine = (
        Upload.id == upload_id,
        Upload.attempt == attempt,
        Upload.state == UploadState.READING,
    )
    done = session.scalar(update(Upload).where(*mine).values(**values).returning(Upload.id))
    return done is not None


def is_left(kept: Upload, at: datetime) -> bool:
    """Tell whether a file's reader died: it has noted nothing for a while."""
    return kept.state is UploadState.READING and at - kept.seen_at > READER_NOTES_WITHIN


def read_again(kept: Upload, *, at: datetime) -> int:
    """Give a file whose reader died to another one; returns the number of the attempt."""
    attempt: int | None = session.scalar(
        update(Upload)
        .where(
            Upload.id == kept.id,
            Upload.state == UploadState.READING,
            Upload.seen_at < at - READER_NOTES_WITHIN,
        )
        .values(attempt=Upload.attempt + 1, rows_read=0, seen_at=at)
        .returning(Upload.attempt)
    )
    if attempt is None:
        raise Refusal("uploads.reading", "This file is being read, or was. Look at it again.")
    return attempt


def rows_of(kept: Upload) -> list[ServiceRow]:
    """Return the right rows of a file that was read."""
    return [ServiceRow.model_validate(record) for part in in_turns(kept.records) for record in part]


def apply(
    kept: Upload, rows: Sequence[ServiceRow], *, seen: str, at: datetime
) -> tuple[Imported, list[Change]]:
    """Take over what was previewed, once, and only while the preview is still true."""
    changes = changes_of(kept.records)
    if kept.applied_at is None and preview_mark(changes) != seen:
        raise Refusal(
            "uploads.changed",
            "The catalog changed since this preview. It is shown as it is now; look again.",
        )
    claimed = session.scalar(
        update(Upload)
        .where(Upload.id == kept.id, Upload.applied_at.is_(None), Upload.state == UploadState.READY)
        .values(applied_at=at, records=[])
        .returning(Upload.id)
    )
    if claimed is None:
        raise Refusal("uploads.applied", "This file was taken over already.")
    return import_services(rows), changes


def _take_over_categories(rows: Sequence[ServiceRow]) -> None:
    known = {category.code: category for category in categories()}
    for row in rows:
        category = known.get(row.category_code)
        if category is None:
            category = known[row.category_code] = Category(code=row.category_code)
            session.add(category)
        category.domain = row.domain
        category.name_zh, category.name_en = row.category_zh, row.category_en
    session.flush()


def count_question(
    station_id: int,
    question: str,
    day: date,
    *,
    is_first_time: bool,
    found_nothing: bool,
    opened_first: bool,
) -> None:
    """Count what was asked, if it can be nothing personal; old counts go.

    Who asks again counts once, so that a figure says how many people asked.
    """
    text = " ".join(plain(question).split())
    if not text or len(text) > LONGEST_KEPT or _PERSONAL.search(text):
        return
    session.execute(
        insert_into(AskedDay)
        .values(
            station_id=station_id,
            day=day,
            question=text,
            asked=int(is_first_time),
            found_nothing=int(found_nothing and is_first_time),
            opened_first=int(opened_first),
        )
        .on_conflict_do_update(
            index_elements=["station_id", "day", "question"],
            set_={
                "asked": AskedDay.asked + int(is_first_time),
                "found_nothing": AskedDay.found_nothing + int(found_nothing and is_first_time),
                "opened_first": AskedDay.opened_first + int(opened_first),
            },
        )
    )
    session.execute(
        delete(AskedDay).where(
            AskedDay.station_id == station_id, AskedDay.day < day - timedelta(days=KEPT_DAYS)
        )
    )


def add_synonym(station_id: int, service: Service, word: str) -> None:
    """Let a station's visitors find a service by this word too."""
    session.execute(
        insert_into(Synonym)
        .values(station_id=station_id, service_id=service.id, word=" ".join(plain(word).split()))
        .on_conflict_do_nothing()
    )
    note_change()


def remove_synonym(station_id: int, service: Service, word: str) -> None:
    """Take a station's word for a service back."""
    session.execute(
        delete(Synonym).where(
            Synonym.station_id == station_id,
            Synonym.service_id == service.id,
            Synonym.word == word,
        )
    )
    note_change()
