"""The code that rotates on the kiosk's screen: who scanned it stands in the lobby."""

from datetime import timedelta

from itsdangerous import BadSignature, TimestampSigner

ACCEPTED = timedelta(minutes=3)
STAY = timedelta(minutes=30)


def presence_code(secret: str, station_code: str) -> str:
    """Return a signed code for this moment; short enough for a small QR."""
    return _signer(secret, station_code).sign("").decode()


def is_present(secret: str, station_code: str, code: str) -> bool:
    """Tell whether the code is this station's and was on the screen a moment ago."""
    try:
        _signer(secret, station_code).unsign(code, max_age=int(ACCEPTED.total_seconds()))
    except BadSignature:
        return False
    return True


def _signer(secret: str, station_code: str) -> TimestampSigner:
    return TimestampSigner(secret, salt=f"presence:{station_code}")
