"""The partner's prepaid wallet: what is there, what moved it, when it is low."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from activities.wallet_alerts import crossed
from api.answers import answer
from api.choices import Currency
from api.currencies import known_currency
from api.deps import WalletReader, WalletWriter, Wired
from api.idempotency import once
from api.keys import Caller
from api.lists import Cursor, Limit, place_of
from api.queries import wallet as queries
from api.queries.pages import cursor_of
from api.schemas.problems import refusals
from api.schemas.wallet import AlertRequest, WalletTransactionList, WalletView
from ledger import wallets
from models.money import Money
from models.wallet import transaction_object, wallet_object
from runtime.database import Connection

router = APIRouter(prefix="/v1/wallet", tags=["wallet"])

#: The largest entry number there can be; a made-up cursor may say more.
_NEWEST = 2**63 - 1


@router.get("", response_model=WalletView, responses=refusals(400))
async def read_wallet(caller: WalletReader, parts: Wired, currency: Currency = "KES") -> Response:
    """What is available and what is held, as of now."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        return await _shown(connection, caller, currency)


@router.get("/transactions", response_model=WalletTransactionList, responses=refusals(400))
async def list_wallet_transactions(
    caller: WalletReader,
    parts: Wired,
    currency: Currency = "KES",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """What moved the available balance, newest first, each with the balance after it."""
    after = place_of(cursor)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        found = await wallets.transactions(
            connection,
            caller.org,
            currency,
            before=None if after is None else min(after.int, _NEWEST),
            limit=limit + 1,
        )
    rows, more = found[:limit], len(found) > limit
    return answer(
        {
            "object": "list",
            "data": [transaction_object(row, currency) for row in rows],
            "has_more": more,
            "next_cursor": cursor_of(UUID(int=rows[-1]["seq"])) if more else None,
        }
    )


@router.put("/alert", response_model=WalletView, responses=refusals(400, 409, 422))
async def set_wallet_alert(body: AlertRequest, request: Request, caller: WalletWriter) -> Response:
    """Be told once whenever the wallet falls below `threshold`.

    Set while the wallet is below already, it tells of the next fall, after a rise above.
    """
    known_currency(body.currency, "/currency")

    async def act(connection: Connection) -> Response:
        await queries.set_alert(
            connection,
            org=caller.org,
            livemode=caller.livemode,
            threshold=Money(body.threshold, body.currency),
            recommended=Money(body.recommended, body.currency),
        )
        standing = await wallets.wallet(connection, caller.org, body.currency)
        await crossed(
            connection, org=caller.org, livemode=caller.livemode, balance=standing.available
        )
        return await _shown(connection, caller, body.currency)

    response, _done = await once(request, caller, act)
    return response


async def _shown(connection: Connection, caller: Caller, currency: str) -> Response:
    standing = await wallets.wallet(connection, caller.org, currency)
    alert = await queries.alert(connection, currency)
    return answer(wallet_object(standing, alert, livemode=caller.livemode))
