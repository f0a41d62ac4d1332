"""What a transaction would cost, before it is asked for."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from activities.tariffs import tariffs_at
from api.answers import answer
from api.choices import Currency
from api.deps import WalletReader, Wired
from api.methods import wrong
from api.schemas.problems import refusals
from api.schemas.wallet import QuoteView
from models.money import Money
from models.tariff import NoTariff, float_quote, loan_quote
from models.wallet import quote_object

router = APIRouter(prefix="/v1/charges", tags=["wallet"])

What = Annotated[Literal["loan", "float_purchase"], Query(alias="for")]
Amount = Annotated[int, Query(gt=0, le=10**15, description="Minor units.")]


@router.get("/quote", response_model=QuoteView, responses=refusals(400))
async def quote_charges(
    caller: WalletReader,
    parts: Wired,
    what: What,
    amount: Amount,
    currency: Currency = "KES",
) -> Response:
    """The charges of a loan or a float purchase, at the tariffs in force now."""
    money, now = Money(amount, currency), datetime.now(UTC)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        tariffs = await tariffs_at(connection, now)
    try:
        loan = what == "loan"
        quoted = (
            loan_quote(tariffs, money, now)
            if loan
            else float_quote(tariffs, money, now, transfers=parts.bank.transfers)
        )
    except NoTariff as error:
        raise wrong("query/amount", "no tariff is in force for this amount") from error
    return answer(quote_object(quoted, held=quoted.charges if loan else money + quoted.charges))
