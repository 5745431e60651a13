"""One-time links that make a browser a device: signed, for a day, until one is used."""

from itsdangerous import BadSignature, URLSafeTimedSerializer

from kiosk.refusal import Refusal
from kiosk.stations.models import Device

LASTS_SECONDS = 24 * 60 * 60


def adoption_path(device: Device, secret: str) -> str:
    """Return the path of the link for a device as it is now."""
    return f"/pair/{_signer(secret).dumps([device.id, device.epoch])}"


def read_link(link: str, secret: str) -> tuple[int, int]:
    """Return the device's id and epoch from a link; refuse one that is forged or too old."""
    try:
        device_id, epoch = _signer(secret).loads(link, LASTS_SECONDS)
    except BadSignature as error:
        raise used_up() from error
    return device_id, epoch


def used_up() -> Refusal:
    """Return the refusal of a link that counts no longer."""
    return Refusal(
        "devices.link_used",
        "This pairing link was used before. Ask a manager to pair the device again.",
    )


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="adopt")
