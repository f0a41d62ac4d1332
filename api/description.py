"""What openapi.json says, made from the routes: problems and examples included."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.schemas.problems import ProblemDocument

_ABOUT = """\
Collect mobile money. Amounts are integers in minor units. Every answer carries `X-Request-Id`.

* **Idempotency-Key** is required where money is asked for: the same key and body get the same \
bytes again, another body 422, and 409 only while the first request is being accepted.
* **Errors** are `application/problem+json`; `outcome` tells whether money may have moved.
* **Unknown** is a status, not an error: wait, look, and do not collect again.
"""
_EXAMPLE = {
    "type": "/docs/problems#attempt_in_progress",
    "title": "An attempt is still open",
    "status": 409,
    "detail": "ask for the payment; do not collect again",
    "instance": "/v1/checkouts/cs_01kafz1gfsfp4b4kg4sm2hqz0v/confirm",
    "code": "attempt_in_progress",
    "param": None,
    "errors": [],
    "request_id": "req_01kafz1gfsfp4b4kg4sm2hqz0v",
    "doc_url": "/docs/problems#attempt_in_progress",
    "retryable": "never",
    "outcome": "unknown",
}


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the application, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=_ABOUT,
            routes=app.routes,
        )
        _add_problems(document["components"]["schemas"])
        _drop_validation(document)
        app.openapi_schema = document
    return app.openapi_schema


def _add_problems(schemas: dict[str, Any]) -> None:
    problem = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["ProblemDocument"] = {**problem, "examples": [_EXAMPLE]}


def _drop_validation(document: dict[str, Any]) -> None:
    """FastAPI announces a 422 of its own that we never send: ours is a 400 problem."""
    for path in document["paths"].values():
        for operation in path.values():
            told = operation["responses"].get("422", {})
            if "application/json" in told.get("content", {}):
                del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
