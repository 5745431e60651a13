"""No page is reachable without the permission that its route names."""

from typing import Any

from flask import Flask

from kiosk.access import PUBLIC, VISITOR
from kiosk.app import Route
from kiosk.staff.permissions import GRANTS, Role
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.house.test_rooms import ROUTES
from tests.pages import form_token

PERMISSIONS = {permission for grants in GRANTS.values() for permission in grants}
SAMPLE = {
    "job": "1",
    "station": "raffles-city",
    "counter": "1",
    "number": "1",
    "letter": "A",
    "token": "unknown",
    "code": "SB-0301",
    "domain": "civic",
    "topic": "board:raffles-city",
    "member": "1",
    "device": "1",
    "upload": "1",
    "change": "1",
    "notice": "1",
    "message": "1",
    "closure": "1",
    "plan": "1",
    "point": "3F-B2",
    "item": "1",
    "case": "1",
    "take": "1",
    "place": "1",
    "held": "1",
    "language": "zh",
    "name": "please",
    "piece": "please",
    "when": "1",
    "kind": "meal",
    "tag": "00000",
    "shift": "1",
    "series": "1",
    "entry": "1",
    "offer": "unknown",
}


def path_of(app: Flask, route: Route) -> str:
    names = app.url_map._rules_by_endpoint[route.endpoint][0].arguments
    with app.test_request_context():
        parts: dict[str, Any] = {name: SAMPLE[name] for name in names}
        return app.url_for(route.endpoint, **parts)


def test_every_route_names_what_it_needs() -> None:
    assert {route.needs for route in ROUTES} <= {PUBLIC, VISITOR, *PERMISSIONS}


def staff_routes() -> list[Route]:
    return [route for route in ROUTES if route.needs not in {PUBLIC, VISITOR}]


@on_sqlite
def test_staff_routes_are_shut_to_visitors_and_devices(cast: Cast) -> None:
    for browser in (cast.browser(), cast.kiosk_browser()):
        token = {"X-CSRFToken": form_token(browser, "/admin/sign-in")}
        for route in staff_routes():
            path = path_of(cast.app, route)
            answer = browser.open(path, method=route.method, headers=token)
            if route.endpoint.startswith(("api.", "metrics.")):
                assert answer.status_code == 401, path
            else:
                assert answer.status_code == 302, path
                assert answer.location.startswith("/admin/sign-in"), path


@on_sqlite
def test_manager_s_routes_are_shut_to_clerks(cast: Cast) -> None:
    token = {"Authorization": f"Bearer {cast.clerk_token}"}
    client = cast.app.test_client()
    for route in staff_routes():
        if route.needs in GRANTS[Role.MANAGER] - GRANTS[Role.CLERK]:
            answer = client.open(path_of(cast.app, route), method=route.method, headers=token)
            assert answer.status_code == 403, route.rule


@on_sqlite
def test_nothing_but_the_tables_and_static_files_is_served(cast: Cast) -> None:
    endpoints = {rule.endpoint for rule in cast.app.url_map.iter_rules()}
    assert endpoints == {route.endpoint for route in ROUTES} | {"static"}


@on_sqlite
def test_forms_of_another_site_are_refused(cast: Cast) -> None:
    browser = cast.browser("li", Role.MANAGER)
    for route in ROUTES:
        if route.method == "POST":
            answer = browser.post(path_of(cast.app, route), data={"queue": "A"})
            assert answer.status_code == 400, route.rule
