"""The catalog as Open Referral HSDS 3.0: one page of its service list, holding every service.

Identifiers are version 5 UUIDs of our own codes, so that they stay the same in every export.
What we do not know is left out; the standard asks for an id, a name and a status only.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from kiosk.catalog.models import Category, Service

_OURS = uuid5(NAMESPACE_URL, "https://loumenkou.example/catalog")
_FEES = {True: "收费", False: "免费", None: None}


def write(services: Sequence[Service]) -> bytes:
    """Return the catalog as UTF-8 JSON."""
    page = {
        "total_items": len(services),
        "total_pages": 1,
        "page_number": 1,
        "size": len(services),
        "first_page": True,
        "last_page": True,
        "empty": not services,
        "contents": [_service(service) for service in services],
    }
    return json.dumps(page, ensure_ascii=False, indent=1).encode()


def _id(kind: str, code: str) -> str:
    return str(uuid5(_OURS, f"{kind}:{code}"))


def _service(service: Service) -> dict[str, Any]:
    known = {
        "id": _id("service", service.code),
        "name": service.name_zh,
        "alternate_name": service.name_en,
        "description": "、".join(service.keywords),
        "status": "active",
        "fees_description": _FEES[service.fee],
        "eligibility_description": service.audience,
        "application_process": service.delivery.name_zh,
        "organization": _organization(service.department) if service.department else None,
        "attributes": [_attribute(service)],
    }
    return {name: value for name, value in known.items() if value not in (None, "")}


def _organization(name: str) -> dict[str, str]:
    return {"id": _id("organization", name), "name": name, "description": name}


def _attribute(service: Service) -> dict[str, Any]:
    term = _term(service.category)
    return {
        "id": _id("attribute", service.code),
        "link_id": _id("service", service.code),
        "link_entity": "service",
        "taxonomy_term_id": term["id"],
        "value": service.code,
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
