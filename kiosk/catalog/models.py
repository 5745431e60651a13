"""A service, the category it belongs to, and the three domains."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

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


class Upload(Model):
    """A file of services that was checked and waits for somebody to take it over, or was."""

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    records: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    fingerprint: Mapped[str]
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str]
    applied_at: Mapped[datetime | None]


class Service(Model):
    """One of the things a station can be asked for. None means unknown, never zero."""

    __tablename__ = "service"

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

    category: Mapped[Category] = relationship(lazy="joined")

    @property
    def domain(self) -> Domain:
        """The domain of its category."""
        return self.category.domain
