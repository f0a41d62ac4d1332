"""Who may call a route: one annotated type per scope."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.openapi.models import HTTPBearer as BearerModel
from fastapi.security.base import SecurityBase

from api.errors import Forbidden, RateLimited, Unauthenticated
from api.keys import (
    CHECKOUTS_WRITE,
    COLLECTIONS_READ,
    COLLECTIONS_WRITE,
    ESCROWS_READ,
    ESCROWS_WRITE,
    EVENTS_READ,
    FLOAT_READ,
    FLOAT_WRITE,
    LINKS_WRITE,
    LOANS_READ,
    LOANS_WRITE,
    MESSAGES_READ,
    OPERATOR,
    PARTNER_WRITE,
    PAYMENTS_READ,
    PAYOUTS_APPROVE,
    PAYOUTS_READ,
    PAYOUTS_WRITE,
    REFUNDS_WRITE,
    TREASURY,
    WALLET_READ,
    WALLET_WRITE,
    WEBHOOKS_WRITE,
    Caller,
)
from api.limits import RATE
from api.parts import Parts, parts_of


class Allowed(SecurityBase):
    """Lets callers with the scope pass. Raises Unauthenticated, Forbidden or RateLimited."""

    def __init__(self, scope: str) -> None:
        self.model = BearerModel(bearerFormat="kk_test_… or kk_live_…", description="An API key.")
        self.scheme_name = "api_key"
        self._scope = scope

    async def __call__(self, request: Request) -> Caller:
        """The caller, counted against the rate of their organisation."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated(
                "send Authorization: Bearer kk_test_… or kk_live_…",
                headers={"WWW-Authenticate": "Bearer"},
            )
        parts = parts_of(request)
        caller = await parts.keys.caller(key.strip())
        passes, request.scope[RATE] = parts.limiter.take(caller.merchant)
        if not passes:
            raise RateLimited(
                "the organisation's requests are too many", headers={"Retry-After": "1"}
            )
        if self._scope not in caller.scopes:
            raise Forbidden(f"the key lacks the scope {self._scope}")
        return caller


Writer = Annotated[Caller, Depends(Allowed(CHECKOUTS_WRITE))]
Reader = Annotated[Caller, Depends(Allowed(PAYMENTS_READ))]
EventReader = Annotated[Caller, Depends(Allowed(EVENTS_READ))]
WebhookWriter = Annotated[Caller, Depends(Allowed(WEBHOOKS_WRITE))]
Operator = Annotated[Caller, Depends(Allowed(OPERATOR))]
LoanReader = Annotated[Caller, Depends(Allowed(LOANS_READ))]
LoanWriter = Annotated[Caller, Depends(Allowed(LOANS_WRITE))]
WalletReader = Annotated[Caller, Depends(Allowed(WALLET_READ))]
WalletWriter = Annotated[Caller, Depends(Allowed(WALLET_WRITE))]
FloatReader = Annotated[Caller, Depends(Allowed(FLOAT_READ))]
FloatWriter = Annotated[Caller, Depends(Allowed(FLOAT_WRITE))]
CollectionReader = Annotated[Caller, Depends(Allowed(COLLECTIONS_READ))]
CollectionWriter = Annotated[Caller, Depends(Allowed(COLLECTIONS_WRITE))]
MessageReader = Annotated[Caller, Depends(Allowed(MESSAGES_READ))]
PartnerWriter = Annotated[Caller, Depends(Allowed(PARTNER_WRITE))]
RefundWriter = Annotated[Caller, Depends(Allowed(REFUNDS_WRITE))]
PayoutReader = Annotated[Caller, Depends(Allowed(PAYOUTS_READ))]
PayoutWriter = Annotated[Caller, Depends(Allowed(PAYOUTS_WRITE))]
PayoutApprover = Annotated[Caller, Depends(Allowed(PAYOUTS_APPROVE))]
EscrowReader = Annotated[Caller, Depends(Allowed(ESCROWS_READ))]
EscrowWriter = Annotated[Caller, Depends(Allowed(ESCROWS_WRITE))]
LinkWriter = Annotated[Caller, Depends(Allowed(LINKS_WRITE))]
Treasurer = Annotated[Caller, Depends(Allowed(TREASURY))]


async def wired(request: Request) -> Parts:
    """The application's parts; a coroutine, because FastAPI runs plain functions in threads."""
    return parts_of(request)


Wired = Annotated[Parts, Depends(wired)]
