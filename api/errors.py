"""What we answer when we do not do what was asked: one tree, RFC 9457 on the wire.

`outcome` tells whether money may have moved, `retryable` whether sending again helps:
`never`, `same_key` (the same request with the same Idempotency-Key) or `after` (Retry-After).
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

#: One wrong field: a JSON Pointer and what is wrong with it.
FieldError = Mapping[str, str]


class Problem(Exception):
    """A request that is refused. The detail holds no value the client sent."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "invalid_request"
    title: ClassVar[str] = "The request cannot be read"
    retryable: ClassVar[str] = "never"
    outcome: ClassVar[str] = "none"

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.members = members

    def document(self, *, instance: str, request_id: str) -> dict[str, Any]:
        """The problem as JSON members."""
        page = f"/docs/problems#{self.code}"
        return {
            "type": page,
            "title": self.title,
            "status": self.status,
            "detail": str(self),
            "instance": instance,
            "code": self.code,
            "param": self.errors[0]["pointer"] if self.errors else None,
            "errors": self.errors,
            "request_id": request_id,
            "doc_url": page,
            "retryable": self.retryable,
            "outcome": self.outcome,
            **self.members,
        }


class Invalid(Problem):
    """One or more fields are wrong; `errors` names each by JSON Pointer."""

    code, title = "validation_failed", "A field is missing or wrong"


class CardNumberRefused(Problem):
    """A field holds what looks like a card number; it was neither stored nor logged."""

    code, title = "card_number_refused", "Card numbers are not accepted here"


class KeyMissing(Problem):
    """The route needs an Idempotency-Key."""

    code, title = "idempotency_key_missing", "Idempotency-Key is required"


class KeyMalformed(Problem):
    """The Idempotency-Key is not 1 to 255 printable ASCII characters."""

    code, title = "idempotency_key_malformed", "Idempotency-Key cannot be read"


class VersionUnknown(Problem):
    """Api-Version names no version there is."""

    code, title = "api_version_unknown", "There is no such API version"


class Unauthenticated(Problem):
    """No API key, or one we do not know."""

    status = 401
    code, title = "unauthenticated", "An API key is required"


class KeyExpired(Unauthenticated):
    """The API key's time is over."""

    code, title = "api_key_expired", "The API key has expired"


class KeyRevoked(Unauthenticated):
    """The API key was revoked."""

    code, title = "api_key_revoked", "The API key was revoked"


class SignatureWrong(Unauthenticated):
    """A callback path whose tag is not ours."""

    code, title = "signature_wrong", "The path is not one we gave out"


class SourceRefused(Problem):
    """The address is called by listed sources only; nothing was read."""

    status = 403
    code, title = "source_refused", "Messages from there are not taken here"


class Forbidden(Problem):
    """The API key lacks the scope of the route."""

    status = 403
    code, title = "forbidden", "The API key may not do this"


class NotFound(Problem):
    """There is no such object for this organisation and mode."""

    status = 404
    code, title = "not_found", "There is no such object"


class MethodNotAllowed(Problem):
    """The path exists, the method does not."""

    status = 405
    code, title = "method_not_allowed", "The path does not take this method"


class Conflict(Problem):
    """The object's state does not allow it."""

    status = 409
    code, title = "conflict", "The object's state does not allow this"


class KeyInFlight(Conflict):
    """The first request with this Idempotency-Key is still being accepted."""

    code, title = "idempotency_in_flight", "The first request is still being accepted"
    retryable, outcome = "same_key", "unknown"


class ReferenceInUse(Conflict):
    """Another payment holds the reference; `payment` names it."""

    code, title = "reference_in_use", "Another payment has this reference"


class AttemptInProgress(Conflict):
    """An attempt of this payment is not final: money may be moving."""

    code, title = "attempt_in_progress", "An attempt is still open"
    outcome = "unknown"


class CheckoutFinal(Conflict):
    """The session has ended."""

    code, title = "checkout_final", "The session has ended"


class CheckoutExpired(Conflict):
    """The session takes no attempt after `expires_at`."""

    code, title = "checkout_expired", "The session has expired"


class CheckoutCanceling(Conflict):
    """The session is being canceled and takes no further attempt."""

    code, title = "checkout_canceling", "The session is being canceled"


class TooManyAttempts(Conflict):
    """The session's attempts are used up."""

    code, title = "too_many_attempts", "The session's attempts are used up"


class EndpointDisabled(Conflict):
    """The webhook endpoint takes no message until it is enabled again."""

    code, title = "endpoint_disabled", "The webhook endpoint is disabled"


class TooManyEndpoints(Conflict):
    """The organisation has as many webhook endpoints as it may."""

    code, title = "too_many_endpoints", "There are too many webhook endpoints"


class ChangedMeanwhile(Problem):
    """If-Match names a version that is no longer the newest."""

    status = 412
    code, title = "changed_meanwhile", "The object was changed meanwhile"


class BodyTooLarge(Problem):
    """The body is over the limit."""

    status = 413
    code, title = "body_too_large", "The body is too large"


class KeyReused(Problem):
    """The Idempotency-Key was used with another body."""

    status = 422
    code, title = "idempotency_key_reused", "The key was used for another request"


class RateLimited(Problem):
    """Too many requests; Retry-After says when to come back."""

    status = 429
    code, title = "rate_limited", "Too many requests"
    retryable = "after"


class Broken(Problem):
    """We failed in a way we did not foresee."""

    status = 500
    code, title = "internal_error", "Something broke on our side"
    retryable, outcome = "same_key", "unknown"


class MethodDown(Problem):
    """The method's provider does not answer now; nothing was sent. `alternatives` are up."""

    status = 503
    code, title = "method_down", "The payment method is down"
    retryable = "after"


class Unavailable(Problem):
    """The database cannot be reached, or did not answer."""

    status = 503
    code, title = "unavailable", "The service cannot answer now"
    retryable, outcome = "same_key", "unknown"


def every_problem(root: type[Problem] = Problem) -> list[type[Problem]]:
    """The tree, top down: what the page of problems and the tests read."""
    found = [root]
    for child in root.__subclasses__():
        found += every_problem(child)
    return found
