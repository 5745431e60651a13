"""The API's description (OpenAPI 3.1), generated from the route tables."""

import re
from functools import lru_cache
from inspect import getdoc
from typing import TYPE_CHECKING, Any

from flask import current_app
from pydantic import TypeAdapter

from kiosk.access import PUBLIC, VISITOR

if TYPE_CHECKING:
    from kiosk.app import Route

_PART = re.compile(r"<(?:(\w+):)?(\w+)>")
_REF = "#/components/schemas/{model}"
_WHO = {
    PUBLIC: "Anybody.",
    VISITOR: "A paired kiosk's token, or the header `Presence-Code` with the kiosk's code.",
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "For programs: `tickets.closed`."},
        "detail": {"type": "string", "description": "For people, in the page's language."},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}


def show() -> dict[str, Any]:
    """Describe every call of this API."""
    return _describe(tuple(current_app.extensions["routes"]))


@lru_cache
def _describe(routes: "tuple[Route, ...]") -> dict[str, Any]:
    schemas: dict[str, Any] = {"Problem": _PROBLEM}
    paths: dict[str, Any] = {}
    for route in routes:
        if route.answer is not None:
            path = _PART.sub(r"{\2}", route.rule)
            paths.setdefault(path, {})[route.method.lower()] = _call(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Loumenkou", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _call(route: "Route", schemas: dict[str, Any]) -> dict[str, Any]:
    problem = {"schema": {"$ref": _REF.format(model="Problem")}}
    call: dict[str, Any] = {
        "operationId": route.endpoint,
        "summary": (getdoc(route.view) or "").partition("\n")[0],
        "description": _WHO.get(route.needs, f"Staff with the permission `{route.needs}`."),
        "parameters": _parameters(route, schemas),
        "responses": {
            str(route.status): {
                "description": "Done.",
                "content": {"application/json": {"schema": _schema(route.answer, schemas)}},
            },
            "default": {
                "description": "Refused, with the reason.",
                "content": {"application/problem+json": problem},
            },
        },
    }
    if route.needs != PUBLIC:
        call["security"] = [{"bearer": []}]
    if route.body is not None:
        schema = _schema(route.body, schemas)
        call["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    return call


def _parameters(route: "Route", schemas: dict[str, Any]) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer" if kind == "int" else "string"},
        }
        for kind, name in _PART.findall(route.rule)
    ]
    if route.query is not None:
        query = TypeAdapter(route.query).json_schema(ref_template=_REF)
        schemas.update(query.pop("$defs", {}))
        parameters += [
            {"name": name, "in": "query", "schema": schema}
            for name, schema in query["properties"].items()
        ]
    if route.method == "POST":
        description = "The same key gives the same answer and changes nothing twice."
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": description,
                "schema": {"type": "string", "maxLength": 200},
            }
        )
    return parameters


def _schema(model: Any, schemas: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - a type
    schema = TypeAdapter(model).json_schema(ref_template=_REF)
    schemas.update(schema.pop("$defs", {}))
    if "title" not in schema:
        return schema
    schemas[schema["title"]] = schema
    return {"$ref": _REF.format(model=schema["title"])}
