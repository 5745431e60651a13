"""The API as programs see it."""

import re
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.cast import HOME, Cast
from tests.databases import on_sqlite


@on_sqlite
def test_description_is_valid_and_names_every_call(cast: Cast) -> None:
    described = cast.app.test_client().get("/api/v1/openapi.json").get_json()
    validate(described)
    served = {
        (rule.rule, method.lower())
        for rule in cast.app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if rule.rule.startswith("/api/")
    }
    named = {(path, method) for path, calls in described["paths"].items() for method in calls}
    assert named == {(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path), verb) for path, verb in served}


def resolve(schema: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


@on_sqlite
@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/api/v1/stations", "/api/v1/stations"),
        ("/api/v1/stations/{station}", HOME),
        ("/api/v1/stations/{station}/services", f"{HOME}/services"),
        ("/api/v1/services/{code}", "/api/v1/services/SB-0301"),
        ("/api/v1/live/{topic}", "/api/v1/live/board:raffles-city"),
    ],
)
def test_answer_has_just_the_fields_described(cast: Cast, path: str, address: str) -> None:
    client = cast.app.test_client()
    described = client.get("/api/v1/openapi.json").get_json()
    answer = described["paths"][path]["get"]["responses"]["200"]
    schema = resolve(answer["content"]["application/json"]["schema"], described)
    assert set(client.get(address).get_json()) == set(schema["properties"])


@on_sqlite
def test_station_lists_queues_and_counters(cast: Cast) -> None:
    cast.took("B")
    shown = cast.app.test_client().get(HOME).get_json()
    assert [(q["letter"], q["name"], q["waiting"]) for q in shown["queues"]] == [
        ("A", "党务服务", 0),
        ("B", "社保医保", 1),
        ("C", "居住与综合政务", 0),
        ("D", "营商服务专区", 0),
        ("E", "便民与法律", 0),
    ]
    assert [counter["number"] for counter in shown["counters"]] == [1, 2, 3, 4]
    assert shown["open"] is True


@on_sqlite
def test_ticket_says_nothing_of_who_took_it(cast: Cast) -> None:
    token = cast.took()["token"]
    shown = cast.app.test_client().get(f"/api/v1/tickets/{token}").get_json()
    assert (shown["state"], shown["ahead"]) == ("waiting", 0)
    assert not {"actor", "device", "member"} & set(shown)


@on_sqlite
@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/api/v1/stations/nowhere", "stations.unknown"),
        ("/api/v1/services/XX-0000", "services.unknown"),
        ("/api/v1/tickets/unknown", "tickets.unknown"),
        ("/api/v1/live/board:nowhere", "live.unknown"),
        ("/api/v1/live/desk:raffles-city", "live.unknown"),
        ("/api/v1/live/nonsense", "live.unknown"),
        ("/api/v1/nothing", "request.unknown"),
    ],
)
def test_unknown_things_are_refused_with_a_code(cast: Cast, address: str, code: str) -> None:
    answer = cast.app.test_client().get(address)
    assert (answer.status_code, answer.get_json()["code"]) == (404, code)
    assert answer.content_type == "application/problem+json"


LONG = "9" * 20


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/s/%00/"),
        ("GET", "/api/v1/stations/%00"),
        ("GET", "/api/v1/tickets/%00"),
        ("GET", "/api/v1/live/ticket:%00"),
        ("POST", f"{HOME}/counters/{LONG}/call-next"),
        ("POST", f"{HOME}/counters/2147483648/call-next"),
        ("POST", f"{HOME}/counters/１/call-next"),
    ],
)
def test_address_that_no_column_keeps_leads_nowhere(cast: Cast, method: str, address: str) -> None:
    by = {"Authorization": f"Bearer {cast.staff_token()}"}
    assert cast.app.test_client().open(address, method=method, headers=by).status_code == 404


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("tickets", {"service": "\0"}),
        ("tickets", {"bundle": "\0"}),
        ("counters/1/call", {"ticket": "\0"}),
        ("counters/1/transfer", {"counter": 2**31}),
        ("counters/1/transfer", {"counter": -(10**30)}),
        ("counters/1/transfer", {"counter": LONG}),
    ],
)
def test_value_that_no_column_keeps_is_refused(
    cast: Cast, address: str, body: dict[str, Any]
) -> None:
    answer = cast.app.test_client().post(
        f"{HOME}/{address}",
        json=body,
        headers={"Authorization": f"Bearer {cast.staff_token()}"},
    )
    assert (answer.status_code, answer.get_json()["code"]) == (422, "request.invalid")


def test_nul_in_a_question_is_refused(cast: Cast) -> None:
    client = cast.app.test_client()
    asked = client.get("/s/raffles-city/services?q=%00")
    assert asked.status_code == 422
    assert "刚才没有提交上" in asked.text
    asked = client.get(f"{HOME}/appointments/slots?service=%00")
    assert (asked.status_code, asked.get_json()["code"]) == (422, "request.invalid")


@on_sqlite
def test_wrong_method_is_refused(cast: Cast) -> None:
    answer = cast.app.test_client().get(f"{HOME}/counters/1/call-next")
    assert (answer.status_code, answer.get_json()["code"]) == (405, "request.method")


@on_sqlite
def test_body_that_is_no_json_is_refused(cast: Cast) -> None:
    answer = cast.app.test_client().post(
        f"{HOME}/tickets",
        data="queue=A",
        headers={"Authorization": f"Bearer {cast.kiosk_token}"},
    )
    assert (answer.status_code, answer.get_json()["code"]) == (415, "request.not_json")


@pytest.mark.parametrize("topic", ["board:raffles-city", "queue:raffles-city:A"])
def test_live_version_grows_with_every_change(cast: Cast, topic: str) -> None:
    client = cast.app.test_client()
    versions = []
    for step in (lambda: None, cast.took, lambda: cast.did("call-next"), lambda: cast.did("start")):
        step()
        versions.append(client.get(f"/api/v1/live/{topic}").get_json()["version"])
    assert versions == sorted(set(versions))


def test_board_shows_every_call_and_recall_newest_first(cast: Cast) -> None:
    for _ in range(3):
        cast.took()
    cast.did("call-next", 1)
    cast.did("call-next", 4)
    cast.did("recall", 1)
    data = cast.app.test_client().get("/api/v1/live/board:raffles-city").get_json()["data"]
    assert [(call["number"], call["counter"]) for call in data["calls"]] == [
        ("A001", 1),
        ("A002", 4),
        ("A001", 1),
    ]
    assert len({call["id"] for call in data["calls"]}) == 3


@on_sqlite
def test_board_and_queue_carry_no_tokens(cast: Cast) -> None:
    token = cast.took()["token"]
    for topic in ("board:raffles-city", "queue:raffles-city:A"):
        assert token not in cast.app.test_client().get(f"/api/v1/live/{topic}").text
