"""Problems on the wire (RFC 9457), and which a route may answer with."""

from typing import Any, Literal

from pydantic import ConfigDict

from api.schemas.common import Outbound


class WrongField(Outbound):
    """One wrong field by JSON Pointer."""

    pointer: str
    detail: str


class ProblemDocument(Outbound):
    """A refusal. `outcome` tells whether money may have moved; `retryable` what helps."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    param: str | None
    errors: list[WrongField]
    request_id: str
    doc_url: str
    retryable: Literal["never", "same_key", "after"]
    outcome: Literal["none", "unknown", "done"]


_TITLES = {
    400: "The request is wrong; `errors` names the fields",
    401: "No valid API key",
    403: "The key lacks the scope",
    404: "No such object here",
    409: "The object's state does not allow it",
    412: "If-Match names an older version",
    413: "The body is too large",
    422: "The Idempotency-Key was used with another body",
    429: "Too many requests",
    502: "The partner's own system does not answer, or refuses",
    503: "The database, or the provider of the method, does not answer: `code` tells which",
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: what every route may answer, and these."""
    return {
        status: {
            "description": _TITLES[status],
            "content": {
                "application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/ProblemDocument"}
                }
            },
        }
        for status in sorted({401, 403, 429, 503, *statuses})
    }
