"""A "no" in words for a person."""

from http import HTTPStatus
from typing import Any


def say(words: str) -> str:
    """Mark words for people that are translated where they are shown."""
    return words


class Refusal(Exception):
    """Refuse what was asked, undo the whole transaction, and say what to do next.

    `code` is for programs (`tickets.closed`), `words` is an English message that the page
    translates and fills with `values`. `status` is the HTTP answer, `more` what programs are told
    besides.
    """

    def __init__(
        self, code: str, words: str, status: HTTPStatus = HTTPStatus.CONFLICT, **values: object
    ) -> None:
        super().__init__(code)
        self.code = code
        self.words = words
        self.status = status
        self.values = values
        self.more: dict[str, Any] = {}


class NotFound(Refusal):
    """Refuse because the thing asked for is not here."""

    def __init__(self, code: str, words: str, **values: object) -> None:
        super().__init__(code, words, HTTPStatus.NOT_FOUND, **values)
