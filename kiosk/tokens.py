"""Bearer tokens: random, told apart by how they begin; the database keeps only a hash."""

import secrets
from hashlib import sha256

DEVICE = "dev_"
MEMBER = "staff_"

DEVICE_COOKIE = "device"


def new_token(kind: str) -> str:
    """Return a token of 256 random bits."""
    return kind + secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """Return what the database keeps instead of the token."""
    return sha256(token.encode()).hexdigest()
