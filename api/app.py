"""The application: routes, handlers and the edge around them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi import Depends, FastAPI
from loguru import logger

from api.answers import HANDLERS
from api.cards import no_card_numbers
from api.choices import known_parameters
from api.description import described
from api.edge import Edge
from api.parts import Parts
from api.routes import (
    authorised_users,
    balances,
    bank_notices,
    bank_results,
    callbacks,
    charges,
    checkouts,
    collection_operator,
    collections,
    credentials,
    docs,
    escrow_links,
    escrow_pages,
    escrows,
    events,
    float_purchases,
    health,
    lender_hook,
    link_pages,
    loan_operator,
    loan_products,
    loans,
    message_reports,
    messages,
    number_operator,
    operator,
    pay_bill_validation,
    payer_pages,
    payment_links,
    payments,
    payout_batches,
    payout_policy,
    payouts,
    profile,
    providers,
    rail_operator,
    refunds,
    status,
    streams,
    suspense_operator,
    takeback_operator,
    timelines,
    told_balances,
    topups,
    treasury,
    treasury_moves,
    vault_operator,
    wallet,
    webhook_endpoints,
)
from api.sources import Sources
from models.delivery import API_VERSION
from runtime.settings import Settings

_ROUTERS = (
    checkouts.router,
    timelines.router,
    streams.router,
    payments.router,
    refunds.router,
    events.router,
    providers.router,
    webhook_endpoints.router,
    credentials.router,
    lender_hook.router,
    authorised_users.router,
    loan_products.router,
    loans.router,
    topups.router,
    payout_batches.router,
    wallet.router,
    balances.router,
    payouts.router,
    payout_policy.router,
    payout_policy.operator_router,
    treasury.router,
    treasury_moves.router,
    collections.router,
    charges.router,
    float_purchases.router,
    float_purchases.operator_router,
    escrows.router,
    escrows.operator_router,
    escrow_links.router,
    escrow_pages.router,
    messages.router,
    operator.router,
    number_operator.router,
    rail_operator.router,
    status.router,
    vault_operator.router,
    suspense_operator.router,
    takeback_operator.router,
    collection_operator.router,
    loan_operator.router,
    message_reports.router,
    bank_notices.router,
    pay_bill_validation.router,
    bank_results.router,
    told_balances.router,
    callbacks.router,
    payment_links.router,
    profile.router,
    payer_pages.router,
    link_pages.router,
    health.router,
    docs.router,
)
_FLUSH_EVERY = 0.25
_SUMMARY = "Collect mobile money that is never lost and never taken twice."


def create_app(settings: Settings, wire: Callable[[Settings], Awaitable[Parts]]) -> FastAPI:
    """The application; its lifespan wires, opens and closes the parts.

    They are wired in the event loop that uses them; whatever `wire` raises stops the boot.
    """
    app = FastAPI(
        title="Kauri",
        version=API_VERSION,
        summary=_SUMMARY,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=_lifespan(settings, wire),
        redirect_slashes=False,
        dependencies=[Depends(known_parameters), Depends(no_card_numbers)],
    )
    app.state.streams, app.state.payer_streams = set(), set()
    app.openapi = lambda: described(app)  # type: ignore[method-assign] # FastAPI's documented hook
    for router in _ROUTERS:
        app.include_router(router)
    for error, handler in HANDLERS.items():
        app.add_exception_handler(error, handler)
    app.add_middleware(Sources, settings=settings)
    app.add_middleware(Edge, https_only=settings.env == "production")
    return app


def _lifespan(
    settings: Settings, wire: Callable[[Settings], Awaitable[Parts]]
) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    """Open the pool without waiting for it; at the end finish what runs in the background."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        parts: Parts = await wire(settings)
        app.state.parts = parts
        await parts.database.open()
        flushing = asyncio.create_task(_flush_for_ever(parts))
        try:
            yield
        finally:
            flushing.cancel()
            await parts.dispatcher.drain()
            await parts.database.close()

    return lifespan


async def _flush_for_ever(parts: Parts) -> None:
    """Write down in batches what was started; the relay would start the rest again."""
    while True:
        await asyncio.sleep(_FLUSH_EVERY)
        try:
            await parts.dispatcher.flush()
        except Exception as error:  # noqa: BLE001 - tried again a moment later
            logger.warning("what was started is not written down yet: {}", type(error).__name__)
