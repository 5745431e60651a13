"""A browser without a screen: read a page's form, send it."""

import re
from secrets import token_hex

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

# Pages whose form was seen in this process: most are large, and opened only to send something.
_seen: set[str] = set()


def form_token(browser: FlaskClient, page: str) -> str:
    """Return the token of the first form on a page, which is opened if it never was."""
    if page in _seen:
        return _token(browser)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(page).text)
    assert found, f"no form on {page}"
    _seen.add(page)
    return found.group(1)


def _token(browser: FlaskClient) -> str:
    """Sign what every form of a browser holds, as Flask-WTF does."""
    with browser.session_transaction() as kept:
        held = kept.setdefault("csrf_token", token_hex(20))
    secret = browser.application.secret_key
    assert secret
    return str(URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(held))


def post(browser: FlaskClient, page: str, to: str, **fields: object) -> TestResponse:
    """Send the form of a page to an address with these fields."""
    return browser.post(to, data={"csrf_token": form_token(browser, page), **fields})
