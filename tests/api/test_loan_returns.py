"""M-Pesa took a paid loan back: our fee comes back where the organisation's terms say so."""

from datetime import UTC, datetime
from typing import Any

import pytest

from activities.tariffs import tariffs_at
from api.loan_returns import returned
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models import ids
from models.loan_decisions import ReversalOrder
from models.money import Money
from models.places import BankAccount, ReceiptClaim
from models.tariff import ChargeLine, Quote, TariffCode, loan_quote
from models.vault_postings import LoanAccepted, LoanPaid, TopUpCredited, VaultPosting
from tests.api.conftest import World
from tests.api.loan_rows import REVERSAL, a_loan
from tests.api.test_loans import decides

QUOTED = datetime(2026, 11, 21, 9, tzinfo=UTC)
AMOUNT = Money(950_000, "KES")


async def book(world: World, *postings: VaultPosting) -> None:
    """What the sagas posted."""
    async with world.parts.database.scoped(world.org, False) as connection:
        for posting in postings:
            booked = await VaultBooking(Book()).book(
                connection, org=world.org, livemode=False, posting=posting
            )
            assert booked.stands


async def quoted(world: World) -> Quote:
    async with world.parts.database.scoped(world.org, False) as connection:
        return loan_quote(await tariffs_at(connection, QUOTED), AMOUNT, QUOTED)


def receipt() -> ReceiptClaim:
    return ReceiptClaim(rail="mpesa", account="600100", number=ids.mint("r"))


async def a_paid_loan(
    world: World, *, returns: bool = True, taken: bool = True, **data: Any
) -> tuple[str, ChargeLine]:
    """A disbursed loan with its charges taken, and the line of our fee."""
    world.sql("update orgs set return_fee_on_reversal = %s where id = %s", returns, world.org)
    quote = await quoted(world)
    shown = {"charges": quote.charges.minor, "hold": 1, "quoted_at": QUOTED.isoformat(), **data}
    loan = a_loan(world, "disbursed", receipt="TKL3XYZ9AB", booked=True, **shown)
    if taken:
        await book(
            world,
            TopUpCredited(
                topup_id=ids.mint(ids.TOPUP),
                amount=Money(100_000, "KES"),
                into=BankAccount(bank="ncba", account="77445"),
                receipt=receipt(),
            ),
            LoanAccepted(loan_id=loan, charges=quote.charges),
            LoanPaid(
                loan_id=loan,
                amount=AMOUNT,
                held=quote.charges,
                charges=quote.lines,
                receipt=receipt(),
            ),
        )
    [fee] = [line for line in quote.lines if line.code is TariffCode.PROCESSING_LOAN]
    return loan, fee


async def test_our_fee_comes_back_and_what_others_took_stays(world: World) -> None:
    loan, fee = await a_paid_loan(world)
    assert await decides(world, f"/v1/operator/loans/{loan}/reversal", REVERSAL) == 200
    order, _name = world.temporal.begun[0]
    assert isinstance(order, ReversalOrder)
    assert (order.returned, fee.total.minor) == ((fee,), 2_000)


@pytest.mark.parametrize(
    "kept",
    [
        {"returns": False},
        {"taken": False},
        {"charges": 1},
        {"quoted_at": None},
        {"quoted_at": "2001-01-01T00:00:00+00:00"},
    ],
)
async def test_nothing_comes_back_that_was_not_taken_or_is_not_in_the_terms(
    world: World, kept: dict[str, Any]
) -> None:
    loan, _fee = await a_paid_loan(world, **kept)
    names = ("id", "org_id", "livemode", "currency", "data")
    [found] = world.sql(
        f"select {', '.join(names)} from sagas where id = %s", ids.parsed(ids.LOAN, loan)
    )
    assert await returned(world.parts, dict(zip(names, found, strict=True))) == ()
