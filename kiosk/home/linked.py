"""A service as linked data (schema.org), for whoever reads pages by program."""

from typing import Any

from kiosk.catalog.guide import Guide, Unit
from kiosk.catalog.models import Service
from kiosk.stations.models import Station

CITY = "上海市"


def government_service(
    service: Service, guide: Guide, station: Station, url: str
) -> dict[str, Any]:
    """Return a service as schema.org's GovernmentService; what is unknown is left out."""
    channel: dict[str, Any] = {
        "@type": "ServiceChannel",
        "serviceUrl": url,
        "availableLanguage": ["zh-Hans", "en"],
        "serviceLocation": {
            "@type": "Place",
            "name": station.name_zh,
            "address": station.address,
        },
    }
    if guide.limit and guide.limit.unit is Unit.CALENDAR_DAYS:
        channel["processingTime"] = f"P{guide.limit.amount}D"
    linked: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "identifier": service.code,
        "name": service.name_zh,
        "alternateName": [service.name_en, *service.keywords[:6]],
        "serviceType": service.category.name_zh,
        "description": guide.applicants.zh,
        "url": url,
        "areaServed": {"@type": "AdministrativeArea", "name": CITY},
        "audience": {"@type": "Audience", "audienceType": service.audience},
        "availableChannel": channel,
    }
    if service.department:
        linked["serviceOperator"] = {
            "@type": "GovernmentOrganization",
            "name": service.department,
        }
    if guide.fee and not guide.fee.is_charged:
        linked["offers"] = {"@type": "Offer", "price": 0, "priceCurrency": "CNY"}
    return linked
