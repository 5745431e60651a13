"""A browser without a screen: read a page's form, send it."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def form_token(browser: FlaskClient, page: str) -> str:
    """Return the token of the first form on a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(page).text)
    assert found, f"no form on {page}"
    return found.group(1)


def post(browser: FlaskClient, page: str, to: str, **fields: object) -> TestResponse:
    """Open a page, then send its form to an address with these fields."""
    return browser.post(to, data={"csrf_token": form_token(browser, page), **fields})
