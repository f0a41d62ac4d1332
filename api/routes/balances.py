"""What a merchant is owed, and what of it may be paid out."""

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import answer
from api.deps import PayoutReader, Wired
from api.schemas.balances import BalanceList
from ledger import availability
from models.balance import balance_object

router = APIRouter(prefix="/v1/balances", tags=["balances"])


@router.get("", response_model=BalanceList)
async def read_balances(caller: PayoutReader, parts: Wired) -> Response:
    """Available, pending, reserved and held, in every currency there is."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        found = [
            balance_object(await availability.balance(connection, caller.org, currency))
            for currency in await availability.currencies(connection, caller.org)
        ]
    return answer({"object": "list", "data": found})
