"""Float on a real database: booked as it goes, ordered once."""

from typing import Any

import pytest

from activities.fence import Fence
from activities.float_buying import BuyOrder, FloatBuying, TransferOrder
from models.banking import ShortCodeCheck
from models.float_order import TRANSFER
from models.lifecycle import AttemptState
from models.reading import ProviderReport, Reading, Reason, Verdict
from models.saga import Trouble
from models.vault_postings import (
    FloatCredited,
    FloatSentBack,
    FloatTakenBack,
    FloatTransferConfirmed,
)
from providers.contract import Ambiguous, Unreachable
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.float_rows_world import (
    AMOUNT,
    CHARGES,
    POOL,
    SHORT_CODE,
    TOTAL,
    FloatBuyer,
    ShortCodes,
    StatedBank,
    run,
)
from tests.conftest import Urls


def buying(buyer: FloatBuyer, bank: StatedBank | None) -> FloatBuying:
    return FloatBuying(
        bank=bank,
        phone="254712000001",
        partners=ShortCodes(),
        fence=Fence(buyer.sagas),
        address=lambda owner, slug: f"https://kauri.test/{slug}/{owner}",
    )


async def test_a_bought_float_is_held_transferred_and_credited_to_the_cent(
    buyer: FloatBuyer,
) -> None:
    named: dict[str, Any] = {
        "purchase_id": buyer.ref.id,
        "amount": AMOUNT,
        "pool": POOL,
        "short_code": SHORT_CODE,
    }
    await buyer.held()
    assert buyer.balances() == {"wallet": 10_000_000 - TOTAL, "wallet_held": TOTAL}
    transfer = await buyer.sent(TRANSFER, believes="held", sending="transferring")
    moved = FloatTransferConfirmed(**named)
    await buyer.ended(transfer, AttemptState.SUCCEEDED, "transferring", "purchasing", posting=moved)
    bought = await buyer.sent()
    credited = FloatCredited(**named, charges=CHARGES)
    await buyer.ended(bought, AttemptState.SUCCEEDED, "purchasing", "credited", posting=credited)
    await buyer.step("credited", "settled", claims=False)
    assert buyer.balances() == {
        "wallet": 10_000_000 - TOTAL, "b2c_float": AMOUNT.minor, "b2c_owned": AMOUNT.minor,
    }  # fmt: skip


async def test_what_was_sent_back_is_in_the_wallet_again(buyer: FloatBuyer) -> None:
    named: dict[str, Any] = {
        "purchase_id": buyer.ref.id,
        "amount": AMOUNT,
        "pool": POOL,
        "short_code": SHORT_CODE,
    }
    await buyer.held()
    transfer = await buyer.sent(TRANSFER, believes="held", sending="transferring")
    await buyer.ended(
        transfer, AttemptState.SUCCEEDED, "transferring", "purchasing",
        posting=FloatTransferConfirmed(**named),
    )  # fmt: skip
    bought = await buyer.sent()
    await buyer.ended(bought, AttemptState.REJECTED, "purchasing", "float_refused")
    await buyer.step("float_refused", "returning")
    await buyer.step("returning", "returned", posting=FloatSentBack(**named, charges=CHARGES))
    assert buyer.balances() == {"wallet": 10_000_000}


async def test_float_that_was_never_bought_is_held_again_and_bought_by_a_second_order(
    buyer: FloatBuyer,
) -> None:
    named: dict[str, Any] = {
        "purchase_id": buyer.ref.id,
        "amount": AMOUNT,
        "charges": CHARGES,
        "pool": POOL,
        "short_code": SHORT_CODE,
        "transferred": False,
    }
    await buyer.held()
    await buyer.step("held", "purchasing")
    first = await buyer.sent()
    await buyer.ended(
        first, AttemptState.SUCCEEDED, "purchasing", "credited", posting=FloatCredited(**named)
    )
    await buyer.step("credited", "not_seen", claims=False, needs_review=True)
    stands = "select claim, needs_review from sagas where org_id = %s"
    assert buyer.read(stands, buyer.org) == [(None, True)]
    back = FloatTakenBack(**named)
    await buyer.ended(first, AttemptState.FAILED, "not_seen", "float_refused", posting=back)
    assert buyer.balances() == {"wallet": 10_000_000 - TOTAL, "wallet_held": TOTAL}
    await buyer.step("float_refused", "purchasing")
    second = await buyer.sent(number=2)
    credited = FloatCredited(**named, order=2)
    await buyer.ended(second, AttemptState.SUCCEEDED, "purchasing", "credited", posting=credited)
    assert buyer.balances() == {
        "wallet": 10_000_000 - TOTAL, "b2c_float": AMOUNT.minor, "b2c_owned": AMOUNT.minor,
    }  # fmt: skip


async def test_a_wallet_that_fell_after_the_quote_holds_nothing(
    urls: Urls, database: Database, vault: Vault
) -> None:
    buyer = await FloatBuyer(urls, database, vault).accepted(TOTAL - 1)
    written = await buyer.held()
    assert (written.trouble, written.state) == (Trouble.SHORT, "otp_pending")
    assert buyer.balances() == {"wallet": TOTAL - 1}


async def test_float_is_ordered_under_a_reference_that_is_durable_first(
    buyer: FloatBuyer, bank: StatedBank
) -> None:
    await buyer.held()
    await buyer.step("held", "purchasing")
    order = BuyOrder(intent=buyer.intent(), account=POOL.account, short_code=SHORT_CODE)
    said: ProviderReport = await run(buying(buyer, bank).buy, order)
    (told,) = bank.orders
    assert (told.reference, told.amount) == (order.intent.our_reference, AMOUNT)
    assert (said.verdict, said.not_received) == (Verdict.PENDING, False)
    again: ProviderReport = await run(buying(buyer, bank).buy, order)
    assert (len(bank.orders), again.reading.reason) == (1, Reason.DUPLICATE)


@pytest.mark.parametrize(
    ("said", "received", "reason"),
    [
        (Unreachable("refused"), False, Reason.NEVER_SENT),
        (Ambiguous("read timeout"), True, Reason.NO_ANSWER),
    ],
)
async def test_a_call_that_failed_is_known_or_unknown(
    buyer: FloatBuyer, bank: StatedBank, said: Exception, received: bool, reason: Reason
) -> None:
    await buyer.held()
    bank.said = said
    order = TransferOrder(
        intent=buyer.intent(TRANSFER, believes="held", sending="transferring"),
        account=POOL.account,
        to_account="7744510026",
    )
    report: ProviderReport = await run(buying(buyer, bank).transfer, order)
    assert (report.not_received, report.reading.reason) == (not received, reason)


@pytest.mark.parametrize(
    ("owner", "received"),
    [
        (Ambiguous("read timeout"), False),
        (ShortCodeCheck(name=None, reading=Reading(verdict=Verdict.UNKNOWN)), False),
        (
            ShortCodeCheck(
                name=None,
                reading=Reading(verdict=Verdict.REFUSED, reason=Reason.PAYEE_NOT_FOUND),
            ),
            True,
        ),
    ],
)
async def test_without_the_name_of_the_short_code_nothing_is_ordered(
    buyer: FloatBuyer, bank: StatedBank, owner: ShortCodeCheck | Exception, received: bool
) -> None:
    await buyer.held()
    await buyer.step("held", "purchasing")
    bank.owner = owner
    order = BuyOrder(intent=buyer.intent(), account=POOL.account, short_code=SHORT_CODE)
    report: ProviderReport = await run(buying(buyer, bank).buy, order)
    assert (bank.orders, report.verdict) == ([], Verdict.REFUSED)
    assert report.not_received is not received


async def test_without_a_bank_nothing_leaves_and_no_fence_opens(buyer: FloatBuyer) -> None:
    order = BuyOrder(intent=buyer.intent(), account=POOL.account, short_code=SHORT_CODE)
    report: ProviderReport = await run(buying(buyer, None).buy, order)
    assert (report.not_received, report.reading.reason) == (True, Reason.CONFIGURATION)
