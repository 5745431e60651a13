"""What a monitoring system reads of the server and the halls."""

import re

import pytest

from kiosk import clock, meters
from kiosk.pickups.commands import sweep
from kiosk.staff.permissions import Role
from tests.cast import HOME, Cast

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def read(cast: Cast, role: Role = Role.ADMINISTRATOR) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {cast.staff_token(role)}"}
    answer = cast.app.test_client().get("/metrics", headers=headers)
    return answer.status_code, answer.text


def figure(text: str, line: str) -> float:
    found = re.search(rf"^{re.escape(line)} (\S+)$", text, re.MULTILINE)
    assert found, line
    return float(found.group(1))


def test_halls_and_requests_are_told_without_persons(cast: Cast) -> None:
    before = read(cast)[1]
    token = cast.took("A")["token"]
    cast.took("A")
    cast.did("call-next")
    cast.app.test_client().get(f"{HOME}/nothing")
    meters.swept()
    _, text = read(cast)
    here = 'station="raffles-city"'
    assert figure(text, f'loumenkou_tickets_issued_total{{queue="A",{here}}}') == 2
    assert figure(text, f'loumenkou_waiting{{queue="A",{here}}}') == 1
    assert figure(text, f"loumenkou_tickets_called_total{{{here}}}") == 1
    taken = 'loumenkou_request_seconds_count{route="api.tickets.take",status="201"}'
    assert figure(text, taken) - (figure(before, taken) if taken in before else 0) == 2
    assert figure(text, "loumenkou_swept_timestamp_seconds") > 0
    assert token not in text
    assert set(re.findall(r"(\w+)=\"", text)) <= {
        *("station", "queue", "route", "status", "le"),
        *("generation", "implementation", "major", "minor", "patchlevel", "version"),
    }


def test_clock_of_pickups_is_told(cast: Cast) -> None:
    assert "loumenkou_pickups_sweep" not in read(cast)[1]
    with cast.app.app_context():
        sweep()
    text = read(cast)[1]
    assert figure(text, "loumenkou_pickups_sweep_timestamp_seconds") == pytest.approx(
        clock.now().timestamp(), abs=600
    )
    assert 0 <= figure(text, "loumenkou_pickups_sweep_seconds") < 600
    assert figure(text, "loumenkou_pickups_sweep_done") == 0
    assert len(re.findall(r'loumenkou_pickups_sweep_leader{worker="\S+:\d+"} 1', text)) == 1


def test_only_administrators_read_them(cast: Cast) -> None:
    answer = cast.app.test_client().get("/metrics")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "staff.sign_in")
    assert read(cast, Role.MANAGER)[0] == 403
    assert read(cast)[0] == 200
