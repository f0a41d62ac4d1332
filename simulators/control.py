"""The control API: books, logs, faults, behaviour. Loopback only by default; no key.

Reads `app.state.stages` and `app.state.merchant`.
"""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import ValidationError

from simulators import faults
from simulators.merchant import Merchant
from simulators.orders import (
    AnswerOrder,
    CallbackOrder,
    DownOrder,
    FaultOrder,
    Secrets,
    WebhookOrder,
)
from simulators.settings import Behaviour
from simulators.stage import Callback, Stage

routes = APIRouter(prefix="/control")


def _merchant(request: Request) -> Merchant:
    merchant: Merchant = request.app.state.merchant
    return merchant


def _stage(provider: str, request: Request) -> Stage:
    stages: dict[str, Stage] = request.app.state.stages
    if provider not in stages:
        raise HTTPException(404, f"no such provider; there are {', '.join(stages)}")
    return stages[provider]


OnStage = Annotated[Stage, Depends(_stage)]
OfMerchant = Annotated[Merchant, Depends(_merchant)]


def _fault(stage: Stage, name: str) -> faults.Fault:
    try:
        return stage.find(name)
    except KeyError as unknown:
        raise HTTPException(422, f"no fault is called {name!r}") from unknown


@routes.get("/faults")
async def table() -> list[dict[str, Any]]:
    """The table of faults."""
    return [asdict(fault) for fault in faults.FAULTS]


@routes.get("/merchant/received")
async def received(merchant: OfMerchant) -> list[dict[str, Any]]:
    """Webhooks in the order they came."""
    return merchant.received


@routes.post("/merchant/secrets")
async def trust(merchant: OfMerchant, order: Secrets) -> dict[str, int]:
    """Signatures by these secrets verify from now on."""
    try:
        merchant.trust(order.inbox, order.secrets)
    except ValueError as wrong:
        raise HTTPException(422, "a secret is `whsec_` and base64") from wrong
    return {"secrets": len(order.secrets)}


@routes.post("/merchant/answers")
async def answer(merchant: OfMerchant, order: AnswerOrder) -> dict[str, int]:
    """Order how the next deliveries are answered."""
    merchant.answer(status=order.status, seconds=order.seconds, times=order.times)
    return {"times": order.times}


@routes.post("/merchant/reset")
async def forget(merchant: OfMerchant) -> dict[str, bool]:
    """Forget everything the merchant knows."""
    merchant.reset()
    return {"reset": True}


@routes.get("/{provider}/book")
async def book(stage: OnStage) -> dict[str, Any]:
    """The money book."""
    return stage.book.account()


@routes.get("/{provider}/requests")
async def requests(stage: OnStage) -> list[dict[str, Any]]:
    """The last two thousand requests and callbacks."""
    return list(stage.log)


@routes.get("/{provider}/settings")
async def settings(stage: OnStage) -> Behaviour:
    """How the provider behaves."""
    return stage.behaviour


@routes.post("/{provider}/settings")
async def behave(stage: OnStage, changes: dict[str, Any]) -> Behaviour:
    """Change some of it."""
    try:
        stage.behaviour = Behaviour.model_validate({**stage.behaviour.model_dump(), **changes})
    except ValidationError as wrong:
        raise HTTPException(422, str(wrong)) from wrong
    return stage.behaviour


@routes.get("/{provider}/faults")
async def queued(stage: OnStage) -> dict[str, list[str]]:
    """Faults that wait for a call, by operation."""
    return stage.director.waiting()


@routes.post("/{provider}/faults")
async def direct(stage: OnStage, order: FaultOrder) -> dict[str, list[str]]:
    """Order faults, one by one or by chance."""
    director = stage.director
    if order.fault:
        director.queue(_fault(stage, order.fault), times=order.times, operation=order.operation)
    elif order.seed is not None and (order.faults or not order.rate):
        chosen = [_fault(stage, name) for name in order.faults]
        director.roll(seed=order.seed, rate=order.rate, faults=chosen, operation=order.operation)
    else:
        raise HTTPException(422, "name a `fault`, or `seed`, `rate` and `faults`")
    return director.waiting()


@routes.post("/{provider}/down")
async def down(stage: OnStage, order: DownOrder) -> dict[str, bool]:
    """Take the provider down, or up again; callbacks wait until it is up."""
    stage.director.switch(order.how if order.down else None)
    return {"down": order.down}


@routes.post("/{provider}/callbacks")
async def call_back(stage: OnStage, order: CallbackOrder) -> dict[str, int]:
    """Send any callback anywhere; answers the status it met, 0 for none."""
    return {"status": await stage.tell(order.url, Callback(order.method, order.body))}


@routes.post("/{provider}/webhook")
async def hear(stage: OnStage, order: WebhookOrder) -> dict[str, str]:
    """Where this provider calls from the next payment on; it takes one address for everything."""
    stage.webhook_url = order.url
    return {"url": order.url}


@routes.post("/{provider}/reset")
async def reset(stage: OnStage) -> dict[str, bool]:
    """Forget payments, books, faults, log and changed settings."""
    await stage.reset()
    return {"reset": True}
