"""What every operator's act needs: a second person, and a name under which it happens once."""

import hashlib
from typing import Annotated, Any, TypeVar

from fastapi import Header, Request
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import FailureError
from temporalio.service import RPCError, RPCStatusCode

from api.errors import Conflict, Forbidden, Unavailable
from api.keys import OPERATOR, Caller
from api.parts import Parts
from api.schemas.operator import ResolveRequest
from models.checkout import OperatorResolution
from runtime import updates

Answer = TypeVar("Answer")

Approver = Annotated[
    str, Header(alias="Kauri-Approver", description="`Bearer` and the second operator's key.")
]


async def second(parts: Parts, header: str, actor: Caller) -> str:
    """The second person, known by a key of their own in the same mode. Raises Forbidden."""
    caller = await parts.keys.caller(header.removeprefix("Bearer ").strip())
    if OPERATOR not in caller.scopes:
        raise Forbidden("the approver's key lacks the scope operator")
    if caller.livemode != actor.livemode:
        raise Forbidden("the approver's key is of the other mode")
    if caller.principal == actor.principal:
        raise Forbidden("the approver may not be the one who acts")
    return caller.principal


async def resolution(
    parts: Parts, body: ResolveRequest, operator: Caller, approver: str
) -> OperatorResolution:
    """The word of two. Raises Forbidden."""
    return OperatorResolution(
        actor=operator.principal,
        approver=await second(parts, approver, operator),
        reason=body.reason,
        evidence=body.evidence,
        outcome=body.outcome,
        receipt=body.receipt,
    )


async def updated(
    parts: Parts,
    workflow_id: str,
    request: Request,
    *,
    update: str,
    order: Any,
    result_type: type[Answer],
    what: str,
) -> Answer:
    """What a running workflow answers to a typed update. Raises Conflict and Unavailable."""
    handle = parts.temporal.get_workflow_handle(workflow_id)
    named = await _update_id(request)
    try:
        return await updates.execute(
            handle, update, order, result_type=result_type, update_id=named
        )
    except WorkflowUpdateFailedError as error:
        raise Conflict(_said(error)) from error
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise Conflict(f"the {what} has ended; decide its cases instead") from error
        raise Unavailable(f"no answer yet: look at the {what}, or send this again") from error


def _said(error: WorkflowUpdateFailedError) -> str:
    """Why, in the workflow's words, without the type it is told apart by."""
    cause = error.cause
    return cause.message if isinstance(cause, FailureError) else str(cause)


async def _update_id(request: Request) -> str | None:
    """The same Idempotency-Key and words are the same update: a digest, because ids stay in clear.

    Other words under a used key are an update of their own, for the workflow to weigh: the answer
    to the first would say that they were heard.
    """
    key = request.headers.get("idempotency-key")
    if not key:
        return None
    named = f"{request.url.path}\0{key}\0".encode()
    return hashlib.sha256(named + await request.body()).hexdigest()
