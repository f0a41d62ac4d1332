"""Collections: ring a customer's phone, register the pay bill, and see what came."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import saga_reads
from api.answers import answer
from api.collecting import Collecting, ringing
from api.deps import CollectionReader, CollectionWriter, Wired
from api.idempotency import Key, once, once_then
from api.lists import Paging
from api.methods import wrong
from api.queries import collections as queries
from api.registering import register
from api.schemas.collections import Collection, CollectionList, RingRequest, Rules, RulesRequest
from api.schemas.problems import refusals
from api.schemas.sagas import SagaTimeline
from models import ids
from models.collection import CollectionState
from models.saga import SagaKind
from runtime.database import Connection

router = APIRouter(prefix="/v1/collections", tags=["collections"])


@router.post("/stk", status_code=201, response_model=Collection, responses=refusals(400, 409, 422))
async def ring_customer(
    body: RingRequest,
    request: Request,
    caller: CollectionWriter,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Ring a customer's phone for a payment into their account. The phone rings once."""
    collecting = Collecting(parts, caller, body, await ringing(parts, caller))
    return await once_then(request, caller, collecting, then=collecting.send, required=True)


@router.post("/register", response_model=Rules, responses=refusals(409, 422, 502))
async def register_pay_bill(request: Request, caller: CollectionWriter, parts: Wired) -> Response:
    """Have payments on the pay bill told to us. In production the first time counts for ever."""
    await register(parts, caller)

    async def act(connection: Connection) -> Response:
        row = await queries.rules(connection)
        return answer(queries.rules_object(row, livemode=caller.livemode))

    response, _done = await once(request, caller, act)
    return response


@router.get("/rules", response_model=Rules, responses=refusals())
async def read_rules(caller: CollectionReader, parts: Wired) -> Response:
    """What is turned away before the money moves, and whether M-Pesa is asked after."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        row = await queries.rules(connection)
    return answer(queries.rules_object(row, livemode=caller.livemode))


@router.put("/rules", response_model=Rules, responses=refusals(400, 409, 422))
async def set_rules(body: RulesRequest, request: Request, caller: CollectionWriter) -> Response:
    """Set it. Where M-Pesa does not ask us before a payment, nothing is turned away."""
    if body.minimum and body.maximum and body.minimum > body.maximum:
        raise wrong("/maximum", "less than the minimum")

    async def act(connection: Connection) -> Response:
        row = await queries.set_rules(
            connection,
            reject_unmatched=body.reject_unmatched,
            minimum=body.minimum,
            maximum=body.maximum,
            confirm=body.confirm,
        )
        return answer(queries.rules_object(row, livemode=caller.livemode))

    response, _done = await once(request, caller, act)
    return response


@router.get("", response_model=CollectionList, responses=refusals(400))
async def list_collections(
    caller: CollectionReader,
    parts: Wired,
    paging: Paging,
    status: CollectionState | None = None,
) -> Response:
    """Collections, newest first."""
    wanted = paging.wanted(ids.COLLECTION, status=status)
    return answer(await saga_reads.listed_sagas(parts, caller, SagaKind.COLLECTION, wanted))


@router.get("/{collection}", response_model=Collection, responses=refusals(404))
async def read_collection(collection: str, caller: CollectionReader, parts: Wired) -> Response:
    """One collection."""
    return answer(await saga_reads.one(parts, caller, SagaKind.COLLECTION, collection))


@router.get("/{collection}/timeline", response_model=SagaTimeline, responses=refusals(404))
async def collection_timeline(collection: str, caller: CollectionReader, parts: Wired) -> Response:
    """Everything that happened to a collection, oldest first."""
    return answer(await saga_reads.timeline(parts, caller, SagaKind.COLLECTION, collection))
