"""What our own M-Pesa short code holds, told some seconds after it was asked. One address."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from activities import lanes
from api.answers import answer
from api.errors import NotFound
from api.parts import parts_of
from api.path_tags import check_platform
from models.ids import PLATFORM_ORG
from models.places import ProviderWallet
from providers.doors import DOORS
from providers.mpesa.details import read_held

router = APIRouter(prefix="/in", tags=["callbacks"], include_in_schema=False)

BALANCE = "ke9"


@router.post(f"/{BALANCE}/{{token}}")
async def receive_balance(token: str, request: Request) -> Response:
    """Shown beside what the ledger has there: evidence of no payment. Raises SignatureWrong."""
    parts = parts_of(request)
    check_platform(parts, BALANCE, token)
    ready = parts.providers.get("mpesa")
    if ready is None:
        raise NotFound("no such path")
    amount = read_held(await request.body())
    if amount is not None:
        place = ProviderWallet(provider="mpesa", wallet=ready.provider.pays_from)
        async with parts.database.scoped(PLATFORM_ORG, parts.bank.livemode) as connection:
            await lanes.told(connection, place, amount)
    return answer(dict(DOORS[BALANCE].answer))
