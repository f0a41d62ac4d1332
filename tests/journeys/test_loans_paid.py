"""A lender's loans through everything that runs: parked, topped up, paid, booked, taken back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest

from cli.demo.client import DemoClient, Keys
from cli.demo.vault import loans
from cli.demo.vault.lenders import LENDERS
from cli.demo.vault.run import enrolled
from cli.demo.vault.told import Player
from cli.stack.stack import Stack
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models import ids
from models.money import Money
from models.places import BankAccount, ReceiptClaim
from models.vault_postings import TopUpCredited
from runtime.database import Database

#: A lender of its own, with books of its own: other journeys lend from the demo's.
LENDER = replace(
    LENDERS[1],
    name="Mlima Credit",
    tenant="mlima",
    payer="600555",
    pay_bill="600556",
    app="mlima",
    approver="+254722000505",
)


@pytest.fixture
async def player(stack: Stack, keys: Keys) -> AsyncIterator[Player]:
    async with DemoClient(stack.urls.api, stack.urls.simulators, keys) as client:
        await client.control("fineract/tenants", {"name": LENDER.tenant})
    async with enrolled(stack, keys, LENDER) as opened:
        yield opened


async def fill_wallet(stack: Stack, org: UUID, minor: int) -> None:
    """Money of the partner's comes to our bank."""
    named = ids.mint(ids.TOPUP)
    posting = TopUpCredited(
        topup_id=named,
        amount=Money(minor, "KES"),
        into=BankAccount(bank="ncba", account="1"),
        receipt=ReceiptClaim(rail="ncba", account="1", number=named),
    )
    database = Database(stack.urls.database, 1)
    await database.open()
    async with database.scoped(org, False) as connection:
        await VaultBooking(Book()).book(connection, org=org, livemode=False, posting=posting)
    await database.close()


async def test_a_loan_goes_its_way_from_an_empty_wallet_to_being_taken_back(
    stack: Stack, player: Player
) -> None:
    where = await loans.short(player)
    waiting = await player.client.get(where)
    assert (waiting["status"], waiting["parked_for"]) == ("parked", "wallet")

    await fill_wallet(stack, ids.parsed(ids.ORG, player.org), 100_000)
    assert (await player.follow("paid", where, "disbursed")).as_expected
    paid = await player.client.get(where)
    wallet = await player.client.get("/v1/wallet")
    assert (wallet["available"], wallet["held"]) == (100_000 - paid["charges"], 0)

    decision = {"decision": "undo", "reason": "seen in the organisation portal"}
    named = where.rpartition("/")[2]
    await player.client.operate("POST", f"/v1/operator/loans/{named}/reversal", decision)
    assert (await player.follow("taken back", where, "reversed")).as_expected
    told = await player.client.get(f"/v1/messages?about={named}")
    events = {message["event"] for message in told["data"]}
    assert events == {
        "loan_parked_wallet",
        "loan_disbursed_partner",
        "loan_disbursed_client",
    }
