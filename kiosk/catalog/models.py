"""A service and its guide, its category, the three domains, and what visitors call them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kiosk.catalog.guide import Guide
from kiosk.db import Model


class Domain(StrEnum):
    """The three strands of a station's work."""

    PARTY = "party"
    CIVIC = "civic"
    SOCIAL = "social"

    @property
    def name_zh(self) -> str:
        """The official name."""
        return {"party": "党建业务", "civic": "行政事务", "social": "社会服务"}[self.value]

    @property
    def name_en(self) -> str:
        """The name in English."""
        return {
            "party": "Party affairs",
            "civic": "Government services",
            "social": "Community services",
        }[self.value]


class Delivery(StrEnum):
    """How far a station goes with a service."""

    STATION = "station"
    FORWARDED = "forwarded"
    SELF = "self"
    ADVICE = "advice"

    @property
    def name_zh(self) -> str:
        """The word of the catalog."""
        return {
            "station": "站点办理",
            "forwarded": "代收代办",
            "self": "自助办理",
            "advice": "咨询引导",
        }[self.value]

    @property
    def name_en(self) -> str:
        """The word in English."""
        return {
            "station": "Done here",
            "forwarded": "Accepted here and forwarded",
            "self": "Self-service, with help",
            "advice": "Advice",
        }[self.value]


class Category(Model):
    """A group of services inside a domain; its code is the start of theirs: `DJ-01`."""

    __tablename__ = "category"

    code: Mapped[str] = mapped_column(primary_key=True)
    domain: Mapped[Domain] = mapped_column(index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]


class UploadState(StrEnum):
    """How far the check of a file has come."""

    READING = "reading"
    READY = "ready"
    FAILED = "failed"


class Upload(Model):
    """A file of services: it is read beside the requests, looked at, and taken over once.

    While it is read, `rows_read` and `seen_at` go on; one whose reader died stays where it was.
    `attempt` counts the readers, so that a late one changes nothing. `wrong` holds the lines
    that are left out, as line, words and their values.
    """

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    state: Mapped[UploadState]
    data: Mapped[bytes | None] = mapped_column(deferred=True)
    attempt: Mapped[int] = mapped_column(default=1)
    rows_read: Mapped[int] = mapped_column(default=0)
    rows_expected: Mapped[int | None]
    seen_at: Mapped[datetime]
    records: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, deferred=True)
    wrong: Mapped[list[Any]] = mapped_column(JSON, default=list)
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str]
    applied_at: Mapped[datetime | None]


# The facts of a service that its guide may say too.
FIGURES = ("legal_days", "promised_days", "fee", "on_site_visits")

# What the catalog's files name as the source of what no document was found for.
GENERAL_KNOWLEDGE = "general knowledge"


class Service(Model):
    """One of the things a station can be asked for. None means unknown, never zero.

    `starts_at` and `ends_at` are from when to when visitors find it; who was withdrawn stays here,
    because tickets and versions name it. `checked_on` is when somebody last compared it with what
    its department says; `revision` counts its changes, so that nobody overwrites another's.
    """

    __tablename__ = "service"
    __table_args__ = (CheckConstraint("ends_at > starts_at", "span"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    category_code: Mapped[str] = mapped_column(ForeignKey("category.code"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    department: Mapped[str] = mapped_column(default="")
    audience: Mapped[str]
    item_type: Mapped[str]
    delivery: Mapped[Delivery]
    legal_days: Mapped[int | None]
    promised_days: Mapped[int | None]
    fee: Mapped[bool | None]
    on_site_visits: Mapped[int | None]
    keywords: Mapped[list[str]] = mapped_column(JSON, default=list)
    source: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    checked_on: Mapped[date | None]
    checked_by: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)

    category: Mapped[Category] = relationship(lazy="joined")

    @property
    def domain(self) -> Domain:
        """The domain of its category."""
        return self.category.domain

    @property
    def named_source(self) -> str:
        """The source that visitors are told of; that something is widely known is none."""
        return "" if self.source == GENERAL_KNOWLEDGE else self.source

    @property
    def figures(self) -> dict[str, int | None]:
        """What its guide may say too; None is not known."""
        return {name: getattr(self, name) for name in FIGURES}

    def is_current(self, at: datetime) -> bool:
        """Tell whether visitors find it at a moment: it began, and was not withdrawn."""
        has_begun = self.starts_at is None or self.starts_at <= at
        return has_begun and (self.ends_at is None or self.ends_at > at)


class CatalogVersion(Model):
    """One row that names the present state of the catalog and its synonyms.

    Whoever changes them writes a new word here in the same transaction; whoever keeps something
    that was made out of them compares.
    """

    __tablename__ = "catalog_version"
    __table_args__ = (CheckConstraint("id = 1", "one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str]


class Synonym(Model):
    """A station's own word for a service."""

    __tablename__ = "synonym"

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)


class AskedDay(Model):
    """How often something was asked on a day, and what came of it; nobody is named.

    `found_nothing` and `opened_first` say how often there was no answer, and how often the first
    one was what somebody wanted.
    """

    __tablename__ = "asked_day"

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[int] = mapped_column(default=0)
    found_nothing: Mapped[int] = mapped_column(default=0)
    opened_first: Mapped[int] = mapped_column(default=0)


class GuideState(StrEnum):
    """Where a version of a guide is on its way to visitors and away from them."""

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    RETIRED = "retired"


_PUBLISHED = text("state = 'published'")
_OPEN = text("state IN ('draft', 'review')")


class GuideVersion(Model):
    """One version of a service's guide; visitors read the one that began last.

    `starts_at` and `ends_at` are from when to when it counts, where that was decided. A scheduled
    version waits for its start. A service has one open version at most, a draft or one in review;
    `revision` counts how often it was saved. `note` is what its writer says of it, `answer` what
    whoever read it said. `percent` is how complete it is. A draft's content may be unfinished.
    """

    __tablename__ = "guide_version"
    __table_args__ = (
        UniqueConstraint("service_id", "number"),
        CheckConstraint("number >= 1", "number"),
        CheckConstraint("state != 'published' OR published_at IS NOT NULL", "published_at"),
        CheckConstraint("ends_at > starts_at", "span"),
        CheckConstraint("percent BETWEEN 0 AND 100", "percent"),
        Index(
            "uq_guide_version_published",
            "service_id",
            unique=True,
            sqlite_where=_PUBLISHED,
            postgresql_where=_PUBLISHED,
        ),
        Index(
            "uq_guide_version_open",
            "service_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    number: Mapped[int]
    state: Mapped[GuideState]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    author: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]
    saved_by: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    percent: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None]
    published_by: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]

    service: Mapped[Service] = relationship()

    @property
    def guide(self) -> Guide:
        """The content as a guide."""
        return Guide.model_validate(self.content)


class ServiceChange(Model):
    """Something that was done to a service or its guide: who, when, and each field old and new.

    What a station says of a service stands in the audit of that station.
    """

    __tablename__ = "service_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str]
    role: Mapped[str]
    verb: Mapped[str]
    fields: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
