"""Every staff page and the permission it needs."""

from flask import Flask

from kiosk.app import Route

ROUTES: tuple[Route, ...] = ()


def register(app: Flask) -> None:
    """The staff's face brings pages only."""
