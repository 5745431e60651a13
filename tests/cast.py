"""The people of the tests: a kiosk, two clerks, a manager, a visitor with a phone."""

from functools import cached_property
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kiosk import clock
from kiosk.db import session, transaction
from kiosk.staff import actions as staff
from kiosk.staff.models import Member
from kiosk.staff.permissions import Role
from kiosk.stations import actions as stations
from kiosk.stations.models import Counter, DeviceKind, Station
from kiosk.stations.queries import get_counter, get_station
from kiosk.tickets.models import Queue, Ticket
from kiosk.tickets.queries import get_queue, get_ticket

HOME = "/api/v1/stations/raffles-city"
PASSWORD = "correct horse battery"


class Cast:
    """Everybody, at the sample station."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    @property
    def station(self) -> Station:
        return get_station("raffles-city")

    def queue(self, letter: str = "A") -> Queue:
        return get_queue(self.station, letter)

    def counter(self, number: int = 1) -> Counter:
        return get_counter(self.station, number)

    def ticket(self, token: str) -> Ticket:
        session.expire_all()
        return get_ticket(token)

    @cached_property
    def kiosk_token(self) -> str:
        with transaction():
            device = stations.add_device(self.station, DeviceKind.KIOSK, "kiosk", at=clock.now())
            return stations.give_device_token(device)

    def staff_token(self, role: Role = Role.CLERK, station: Station | None = None) -> str:
        with transaction():
            place = station or self.station
            return staff.give_token(role.value, role, place.id, at=clock.now())

    @cached_property
    def clerk_token(self) -> str:
        return self.staff_token()

    def post(self, path: str, body: object = None, token: str = "", **headers: str) -> TestResponse:
        if token:
            headers["Authorization"] = f"Bearer {token}"
        sent = {k.replace("_", "-"): v for k, v in headers.items()}
        return self.app.test_client().post(path, json=body, headers=sent)

    def take(self, queue: str = "A", **headers: str) -> TestResponse:
        return self.post(f"{HOME}/tickets", {"queue": queue}, self.kiosk_token, **headers)

    def took(self, queue: str = "A") -> dict[str, Any]:
        answer = self.take(queue)
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.get_json()
        return body

    def at_counter(self, verb: str, number: int = 1, **headers: str) -> TestResponse:
        return self.post(f"{HOME}/counters/{number}/{verb}", None, self.clerk_token, **headers)

    def did(self, verb: str, number: int = 1) -> dict[str, Any]:
        answer = self.at_counter(verb, number)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.get_json()
        return body

    def browser(self, name: str = "", role: Role = Role.CLERK) -> FlaskClient:
        """Return a browser; with a name, one where that new member is signed in."""
        client = self.app.test_client()
        if name:
            member = Member(
                name=name,
                display_name=name.title(),
                role=role,
                station_id=self.station.id,
                created_at=clock.now(),
            )
            with transaction():
                session.add(member)
            with client.session_transaction() as kept:
                kept["member"] = (member.id, member.session_epoch)
        return client

    def hire(self, name: str) -> None:
        """Add a clerk who signs in with PASSWORD."""
        with transaction():
            member, password = staff.hire(
                name, name.title(), Role.CLERK, self.station.id, at=clock.now()
            )
            staff.change_password(member, password, PASSWORD, PASSWORD)

    def kiosk_browser(self) -> FlaskClient:
        client = self.app.test_client()
        client.set_cookie("device", self.kiosk_token)
        return client
