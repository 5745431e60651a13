"""The catalog as Open Referral HSDS 3.0: one page of its service list, holding every service.

Identifiers are version 5 UUIDs of our own codes, so that they stay the same in every export.
What we do not know is left out: an address without its postal code is a description, not an
address. A bundle is a term of a taxonomy of its own, because a service may belong to several.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from kiosk.catalog.bundles import Bundle, bundles
from kiosk.catalog.guide import Guide, Material
from kiosk.catalog.models import Category, Service
from kiosk.stations.hours import DAY_MINUTES, ServiceHours, Span
from kiosk.stations.models import Station

_OURS = uuid5(NAMESPACE_URL, "https://loumenkou.example/catalog")
_FEES = {True: "收费", False: "免费", None: None}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_HOUR_SECONDS = 3600


@dataclass(frozen=True)
class Handled:
    """A service in a station's list: its code, when, by which counters if not all, and whether."""

    station: Station
    code: str
    hours: ServiceHours
    counters: Sequence[int] = ()
    is_on: bool = True


def write(
    services: Sequence[Service],
    guides: Mapping[str, Guide],
    handled: Iterable[Handled],
    at: datetime,
) -> bytes:
    """Return the catalog as UTF-8 JSON, as it is at a moment."""
    places: dict[str, list[dict[str, Any]]] = defaultdict(list)
    is_on: dict[str, bool] = {}
    for one in handled:
        is_on[one.code] = is_on.get(one.code, False) or one.is_on
        if one.is_on:
            places[one.code].append(_at_location(one, at))
    about = {
        "total_items": len(services),
        "total_pages": 1,
        "page_number": 1,
        "size": len(services),
        "first_page": True,
        "last_page": True,
        "empty": not services,
    }
    # A service a line, so that two exports can be compared.
    lines = ",\n".join(
        _json(
            _service(
                service,
                guides.get(service.code),
                places[service.code],
                _status(service, is_on, at),
            )
        )
        for service in services
    )
    return f'{_json(about)[:-1]}, "contents": [\n{lines}\n]}}\n'.encode()


def _json(thing: dict[str, Any]) -> str:
    return json.dumps(thing, ensure_ascii=False)


@lru_cache(maxsize=50_000)
def _id(kind: str, code: str) -> str:
    return str(uuid5(_OURS, f"{kind}:{code}"))


def _known(**values: object) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _status(service: Service, handled: Mapping[str, bool], at: datetime) -> str:
    """Return how the standard says that a service is to be had, to come, closed for now, or gone.

    Where no station has it in its list, it is to be had elsewhere.
    """
    if service.ends_at is not None and service.ends_at <= at:
        return "defunct"
    if not service.is_current(at):
        return "inactive"
    return "active" if handled.get(service.code, True) else "temporarily closed"


def _service(
    service: Service, guide: Guide | None, places: list[dict[str, Any]], status: str
) -> dict[str, Any]:
    told = _told(service.code, guide) if guide else {}
    return _known(
        id=_id("service", service.code),
        name=service.name_zh,
        alternate_name=service.name_en,
        description="、".join(service.keywords),
        status=status,
        **(
            {
                "fees_description": _FEES[service.fee],
                "eligibility_description": service.audience,
                "application_process": service.delivery.name_zh,
            }
            | told
        ),
        organization=_organization(service.department) if service.department else None,
        service_at_locations=places,
        languages=_languages(service.code, has_guide=guide is not None),
        attributes=[
            _attribute(service.code, "category", service.code, _term(service.category)),
            *(
                _attribute(service.code, "bundle", f"{service.code}:{bundle.code}", _life(bundle))
                for bundle in bundles()
                if service.code in bundle.services
            ),
        ],
    )


def _told(code: str, guide: Guide) -> dict[str, Any]:
    """Return what only a guide knows."""
    steps = [step.name.zh + (f"：{step.words.zh}" if step.words else "") for step in guide.steps]
    return _known(
        eligibility_description="；".join(
            [guide.applicants.zh, *(condition.zh for condition in guide.conditions)]
        ),
        application_process="\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1)),
        fees_description=guide.fee.standard.zh if guide.fee and guide.fee.standard else None,
        assured_date=guide.checked_on.isoformat() if guide.checked_on else None,
        required_documents=[
            {
                "id": _id("document", f"{code}:{material.key}"),
                "service_id": _id("service", code),
                "document": _document(material),
            }
            for material in guide.materials
        ],
        cost_options=[_cost(code, guide)] if guide.fee else [],
        contacts=[
            _known(
                id=_id("contact", f"{code}:{number}"),
                service_id=_id("service", code),
                name=contact.name.zh,
                phones=[{"id": _id("phone", f"{code}:{number}"), "number": contact.phone}]
                if contact.phone
                else [],
            )
            for number, contact in enumerate(guide.contacts, 1)
        ],
    )


def _document(material: Material) -> str:
    """Return a material in words: its name, in which form, and what else is known of it."""
    forms = [
        "原件" if material.original else "",
        f"复印件 {material.copies} 份" if material.copies else "",
        "" if material.is_required else "有就带",
        "可以后补" if material.may_follow else "",
        material.note.zh if material.note else "",
    ]
    told = "，".join(form for form in forms if form)
    return f"{material.name.zh}（{told}）" if told else material.name.zh


def _cost(code: str, guide: Guide) -> dict[str, Any]:
    fee = guide.fee
    is_free = fee is not None and not fee.is_charged
    return _known(
        id=_id("cost", code),
        service_id=_id("service", code),
        option=None if is_free else "收费",
        currency="CNY",
        amount=0 if is_free else None,
        amount_description=fee.standard.zh if fee and fee.standard else None,
    )


def _languages(code: str, *, has_guide: bool) -> list[dict[str, Any]]:
    spoken = [("zh", "中文", "")]
    if has_guide:
        spoken.append(("en", "English", "The guide, the kiosk and the phone's pages"))
    return [
        _known(
            id=_id("language", f"{code}:{short}"),
            service_id=_id("service", code),
            name=name,
            code=short,
            note=note,
        )
        for short, name, note in spoken
    ]


def _at_location(handled: Handled, at: datetime) -> dict[str, Any]:
    station, code = handled.station, f"{handled.station.code}:{handled.code}"
    windows = "、".join(map(str, handled.counters))
    return _known(
        id=_id("service-at-location", code),
        service_id=_id("service", handled.code),
        location_id=_id("location", station.code),
        description=f"{windows} 号窗口" if windows else None,
        location=_known(
            id=_id("location", station.code),
            location_type="physical",
            name=station.name_zh,
            alternate_name=station.name_en,
            description=station.address,
        ),
        schedules=_schedules(code, handled, at),
    )


def _schedules(code: str, handled: Handled, at: datetime) -> list[dict[str, Any]]:
    """Return when a station handles a service: its own hours, or else the doors'."""
    spans: Sequence[Span] = handled.hours.spans or handled.station.hours
    days: dict[tuple[int, int], list[str]] = defaultdict(list)
    for span in sorted(spans, key=lambda span: (span.weekday, span.opens)):
        days[span.opens, span.closes].append(_DAYS[span.weekday])
    zone = at.astimezone(ZoneInfo(handled.station.timezone))
    starts, ends = handled.hours.starts_on, handled.hours.ends_on
    return [
        _known(
            id=_id("schedule", f"{code}:{opens}-{closes}"),
            service_at_location_id=_id("service-at-location", code),
            valid_from=starts.isoformat() if starts else None,
            valid_to=ends.isoformat() if ends else None,
            timezone=(offset.total_seconds() / _HOUR_SECONDS)
            if (offset := zone.utcoffset())
            else None,
            freq="WEEKLY",
            wkst="MO",
            byday=",".join(weekdays),
            opens_at=_time(opens, zone),
            closes_at=_time(closes, zone),
        )
        for (opens, closes), weekdays in days.items()
    ]


def _time(minute: int, zone: datetime) -> str:
    """Return minutes since midnight with the offset; midnight at the end is a minute before it."""
    shown = min(minute, DAY_MINUTES - 1)
    offset = zone.strftime("%z")
    return f"{shown // 60:02}:{shown % 60:02}{offset[:3]}:{offset[3:]}"


def _organization(name: str) -> dict[str, str]:
    return {"id": _id("organization", name), "name": name, "description": name}


def _attribute(code: str, kind: str, value: str, term: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": _id("attribute", value),
        "link_id": _id("service", code),
        "link_entity": "service",
        "link_type": kind,
        "taxonomy_term_id": term["id"],
        "value": term["code"] if kind == "bundle" else value,
        "taxonomy_term": term,
    }


def _term(category: Category) -> dict[str, Any]:
    return {
        "id": _id("category", category.code),
        "code": category.code,
        "name": category.name_zh,
        "description": category.name_en,
        "taxonomy": _id("domain", category.domain.value),
        "taxonomy_detail": {
            "id": _id("domain", category.domain.value),
            "name": category.domain.name_zh,
            "description": category.domain.name_en,
        },
    }


def _life(bundle: Bundle) -> dict[str, Any]:
    return {
        "id": _id("bundle", bundle.code),
        "code": bundle.code,
        "name": bundle.name_zh,
        "description": bundle.words.zh,
        "taxonomy": _id("taxonomy", "bundles"),
        "taxonomy_detail": {
            "id": _id("taxonomy", "bundles"),
            "name": "一件事",
            "description": "Life events: several services done as one",
        },
    }
