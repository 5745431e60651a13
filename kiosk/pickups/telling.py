"""What visitors are told on the way that the station set up (Apprise), in both languages."""

import logging
from urllib.parse import quote

from apprise import Apprise
from flask_babel import force_locale, gettext

from kiosk.pickups.models import PickupNotice
from kiosk.refusal import say

# It would write addresses into the log.
logging.getLogger("apprise").setLevel(logging.CRITICAL)

WORDS = {
    "offered": say("A place is free for you. Take it on your page within minutes."),
    "stored": say("It is here: %(place)s. Your page shows the six digits."),
    "moved": say("It lies at another place now: %(place)s."),
    "reminded": say("It still lies at %(place)s. Please come."),
    "proxy_collected": say("Your colleague collected it."),
    "point_off": say(
        "%(place)s is out of use for now. What lies there stays; what is still to come, book at"
        " another point."
    ),
    "point_on": say("%(place)s is in use again."),
}


def send(notice: PickupNotice, address: str, url: str) -> bool:
    """Send a notice; `{contact}` in the address is the visitor's. Tell whether it went out."""
    pickup = notice.pickup
    to = address.replace("{contact}", quote(pickup.contact or "", safe=""))
    place = pickup.place.label if pickup.place else pickup.point.code
    lines = []
    for language in ("zh", "en"):
        with force_locale(language):
            lines.append(gettext(WORDS[notice.what], place=place))
    way = Apprise()
    return bool(way.add(to) and way.notify(body="\n".join([*lines, url]), title=pickup.tag))
