"""What comes back to the wallet when M-Pesa takes back the payment of a loan.

M-Pesa keeps its fee and the messages were sent; our own processing fee comes back, with its
tax, where the organisation's terms say so.
"""

from typing import Any

from loguru import logger

from activities.loan_rows import quoted_at
from activities.tariffs import tariffs_at
from api.parts import Parts
from models import ids
from models.money import Money
from models.tariff import ChargeLine, NoTariff, TariffCode, loan_quote

_RETURNS = "select return_fee_on_reversal as returns from orgs where id = app_org()"
#: Charges were taken where the payment moved them; a hold that was released by then took none.
_TAKEN = "select 1 from ledger_entries where id = %s"


async def returned(parts: Parts, row: Any) -> tuple[ChargeLine, ...]:
    """The charges to give back; none where the terms say nothing, or none were taken."""
    data, at = row["data"], quoted_at(row)
    paid = f"{ids.shown(ids.LOAN, row['id'])}/{data.get('hold')}/paid"
    async with parts.database.scoped(row["org_id"], row["livemode"]) as connection:
        terms = await (await connection.execute(_RETURNS)).fetchone()
        taken = await (await connection.execute(_TAKEN, [paid])).fetchone()
        if at is None or taken is None or terms is None or not terms["returns"]:
            return ()
        tariffs = await tariffs_at(connection, at)
    try:
        quote = loan_quote(tariffs, Money(data["amount"], row["currency"]), at)
    except NoTariff:
        quote = None
    if quote is None or quote.charges.minor != data.get("charges"):
        logger.error("the charges of {} do not come out as they were taken: kept", row["id"])
        return ()
    return tuple(line for line in quote.lines if line.code is TariffCode.PROCESSING_LOAN)
