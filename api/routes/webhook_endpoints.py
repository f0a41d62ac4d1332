"""Webhook endpoints: where a merchant wants to be told, and what became of the telling."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.answers import answer
from api.deps import WebhookWriter, Wired
from api.errors import EndpointDisabled, Invalid, NotFound, TooManyEndpoints
from api.idempotency import once
from api.naming import named
from api.parts import Parts
from api.queries import webhook_endpoints as queries
from api.schemas.webhook_endpoints import (
    DeliveryList,
    DeliveryState,
    EndpointChange,
    EndpointList,
    EndpointRequest,
    EndpointView,
    EndpointWithSecret,
    ReplayRequest,
    ReplayView,
    TestView,
    delivery_object,
)
from api.versions import IfMatch, check_unchanged, tag
from models import ids
from models.delivery import endpoint_object, new_secret
from runtime.addresses import UrlRefused, checked_url
from runtime.database import Connection

router = APIRouter(prefix="/v1/webhook_endpoints", tags=["webhook endpoints"])

Limit = Annotated[int, Query(ge=1, le=100)]
After = Annotated[str | None, Query(description="Continue after this id.")]
_WHAT = "webhook endpoint"


@router.post("", status_code=201, response_model=EndpointWithSecret)
async def create_endpoint(
    body: EndpointRequest, request: Request, caller: WebhookWriter, parts: Wired
) -> Response:
    """Make an endpoint. Its signing secret is in this answer and in no other."""
    _check(body.url, parts)
    secret = new_secret()
    sealed = await _sealed(parts, caller.org, secret, livemode=caller.livemode)

    async def act(connection: Connection) -> Response:
        row = await queries.add(
            connection,
            org=caller.org,
            livemode=caller.livemode,
            url=body.url,
            description=body.description,
            event_types=body.event_types,
            secret_sealed=sealed,
        )
        if row is None:
            raise TooManyEndpoints(f"{queries.MOST} at most; delete one first")
        return _shown(row, 201, secret=secret)

    response, _done = await once(request, caller, act)
    return response


@router.get("", response_model=EndpointList)
async def list_endpoints(
    caller: WebhookWriter, parts: Wired, limit: Limit = 20, starting_after: After = None
) -> Response:
    """The endpoints, the newest first."""
    after = None if starting_after is None else named(ids.ENDPOINT, starting_after, _WHAT)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        rows = await queries.page(connection, after=after, limit=limit + 1)
    return _listed([endpoint_object(row) for row in rows], limit, "id")


@router.get("/{endpoint_id}", response_model=EndpointView)
async def read_endpoint(endpoint_id: str, caller: WebhookWriter, parts: Wired) -> Response:
    """One endpoint; its ETag is for If-Match."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        return _shown(await _found(connection, endpoint_id))


@router.patch("/{endpoint_id}", response_model=EndpointView)
async def change_endpoint(
    *,
    endpoint_id: str,
    body: EndpointChange,
    request: Request,
    caller: WebhookWriter,
    parts: Wired,
    if_match: IfMatch = None,
) -> Response:
    """Change what is named and leave the rest. `enabled: true` forgives past failures."""
    if body.url is not None:
        _check(body.url, parts)

    async def act(connection: Connection) -> Response:
        row = await _found(connection, endpoint_id, lock=True)
        check_unchanged(row, if_match)
        wanted = queries.Change(**body.model_dump())
        return _shown(await queries.change(connection, row["id"], wanted))

    response, _done = await once(request, caller, act)
    return response


@router.delete("/{endpoint_id}", status_code=204)
async def delete_endpoint(endpoint_id: str, request: Request, caller: WebhookWriter) -> Response:
    """Stop delivering for good. Deleting it twice is a 404."""

    async def act(connection: Connection) -> Response:
        row = await _found(connection, endpoint_id, lock=True)
        await queries.delete(connection, row["id"])
        return Response(status_code=204)

    response, _done = await once(request, caller, act)
    return response


@router.post("/{endpoint_id}/rotate", response_model=EndpointWithSecret)
async def rotate_secret(
    endpoint_id: str, request: Request, caller: WebhookWriter, parts: Wired
) -> Response:
    """A new secret, shown once; for 24 hours the old one signs beside it."""
    secret = new_secret()
    sealed = await _sealed(parts, caller.org, secret, livemode=caller.livemode)

    async def act(connection: Connection) -> Response:
        row = await _found(connection, endpoint_id, lock=True)
        return _shown(await queries.rotate(connection, row["id"], sealed), secret=secret)

    response, _done = await once(request, caller, act)
    return response


@router.post("/{endpoint_id}/test", response_model=TestView)
async def send_test_event(endpoint_id: str, request: Request, caller: WebhookWriter) -> Response:
    """Send `webhook_endpoint.test` to this endpoint alone."""

    async def act(connection: Connection) -> Response:
        row = await _enabled(connection, endpoint_id)
        event = await queries.send_test(connection, row)
        return answer({"object": "webhook_test", "event": ids.shown(ids.EVENT, event)})

    response, _done = await once(request, caller, act)
    return response


@router.post("/{endpoint_id}/replay", response_model=ReplayView)
async def replay_events(
    endpoint_id: str, body: ReplayRequest, request: Request, caller: WebhookWriter
) -> Response:
    """Send one event again, or all the endpoint wants of a range, under the same webhook-id."""

    async def act(connection: Connection) -> Response:
        row = await _enabled(connection, endpoint_id)
        count = await _replayed(connection, row, body)
        return answer({"object": "webhook_replay", "count": count})

    response, _done = await once(request, caller, act)
    return response


@router.get("/{endpoint_id}/deliveries", response_model=DeliveryList)
async def list_deliveries(
    *,
    endpoint_id: str,
    caller: WebhookWriter,
    parts: Wired,
    state: DeliveryState | None = None,
    limit: Limit = 20,
    starting_after: After = None,
) -> Response:
    """The delivery log, the newest event first: every try and its answer."""
    after = None if starting_after is None else named(ids.EVENT, starting_after, "event")
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        row = await _found(connection, endpoint_id)
        found = await queries.log(connection, row["id"], state=state, after=after, limit=limit + 1)
    shown = [delivery_object(delivery, tries) for delivery, tries in found]
    return _listed(shown, limit, "event")


async def _found(connection: Connection, endpoint_id: str, *, lock: bool = False) -> queries.Row:
    row = await queries.one(connection, named(ids.ENDPOINT, endpoint_id, _WHAT), lock=lock)
    if row is None:
        raise NotFound(f"there is no such {_WHAT}")
    return row


async def _enabled(connection: Connection, endpoint_id: str) -> queries.Row:
    row = await _found(connection, endpoint_id, lock=True)
    if row["state"] != "enabled":
        raise EndpointDisabled("send enabled: true first")
    return row


async def _replayed(connection: Connection, row: queries.Row, body: ReplayRequest) -> int:
    if body.since is not None:
        return await queries.replay_range(connection, row, body.since, body.until)
    event = None if body.event is None else named(ids.EVENT, body.event, "event")
    count = await queries.replay_one(connection, row["id"], event) if event else 0
    if not count:
        raise NotFound("there is no such event")
    return count


async def _sealed(parts: Parts, org: UUID, secret: str, *, livemode: bool) -> bytes:
    return await parts.vault.seal(
        org, livemode=livemode, field="webhook_secret", plain=secret.encode()
    )


def _check(url: str, parts: Parts) -> None:
    try:
        checked_url(url, allow_internal=parts.settings.webhook_allow_internal)
    except UrlRefused as no:
        raise Invalid(f"/url: {no}", errors=[{"pointer": "/url", "detail": str(no)}]) from no


def _shown(row: queries.Row, status: int = 200, **more: str) -> Response:
    return answer({**endpoint_object(row), **more}, status, ETag=tag(row))


def _listed(shown: list[dict[str, Any]], limit: int, key: str) -> Response:
    data, has_more = shown[:limit], len(shown) > limit
    following = data[-1][key] if has_more else None
    return answer({"object": "list", "data": data, "has_more": has_more, "next_cursor": following})
