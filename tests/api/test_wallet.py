"""The wallet over HTTP: what is there, what moved it, when it is low, what things cost."""

from typing import Any

import httpx
import pytest

from api.keys import WALLET_READ, WALLET_WRITE
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models.ids import mint
from models.money import Money
from models.places import BankAccount, ReceiptClaim
from models.vault_postings import LoanAccepted, TopUpCredited, VaultPosting

POOL = BankAccount(bank="ncba", account="001")


@pytest.fixture
def http(world: Any) -> httpx.AsyncClient:
    """A client of the organisation that may read and write its wallet."""
    key = world.make_key(scopes=(WALLET_READ, WALLET_WRITE))
    client: httpx.AsyncClient = world.client(key)
    return client


async def book(world: Any, posting: VaultPosting) -> None:
    async with world.parts.database.scoped(world.org, False) as connection:
        await VaultBooking(Book()).book(connection, org=world.org, livemode=False, posting=posting)


def a_top_up(minor: int, number: str) -> TopUpCredited:
    receipt = ReceiptClaim(rail="ncba", account="001", number=number)
    return TopUpCredited(
        topup_id=mint("tu"), amount=Money(minor, "KES"), into=POOL, receipt=receipt
    )


async def hold(world: Any, minor: int) -> str:
    loan = mint("ld")
    await book(world, LoanAccepted(loan_id=loan, charges=Money(minor, "KES")))
    return loan


async def test_a_wallet_nothing_was_paid_into_is_empty(http: httpx.AsyncClient) -> None:
    assert (await http.get("/v1/wallet")).json() == {
        "object": "wallet",
        "currency": "KES",
        "available": 0,
        "held": 0,
        "low": None,
        "alert": None,
        "livemode": False,
    }


async def test_a_wallet_shows_what_is_available_and_what_is_held(
    world: Any, http: httpx.AsyncClient
) -> None:
    await book(world, a_top_up(100_000, mint("r")))
    await hold(world, 2_500)
    wallet = (await http.get("/v1/wallet")).json()
    assert (wallet["available"], wallet["held"]) == (97_500, 2_500)


async def test_transactions_run_from_the_newest_back_with_the_balance_after_each(
    world: Any, http: httpx.AsyncClient
) -> None:
    number = mint("r")
    top_up = a_top_up(100_000, number)
    await book(world, top_up)
    loans = [await hold(world, 2_500) for _ in range(3)]
    seen: list[dict[str, Any]] = []
    query = "limit=2"
    while query:
        page = (await http.get(f"/v1/wallet/transactions?{query}")).json()
        seen += page["data"]
        query = f"limit=2&cursor={page['next_cursor']}" if page["has_more"] else ""
    assert [(one["kind"], one["amount"], one["balance"], one["about"]) for one in seen] == [
        ("loan_charges_held", -2_500, 92_500, loans[2]),
        ("loan_charges_held", -2_500, 95_000, loans[1]),
        ("loan_charges_held", -2_500, 97_500, loans[0]),
        ("top_up", 100_000, 100_000, top_up.topup_id),
    ]
    assert seen[-1]["receipt"] == number.upper()
    assert seen[0]["receipt"] is None


async def test_a_made_up_cursor_is_harmless(http: httpx.AsyncClient) -> None:
    largest = "_" * 22
    assert (await http.get(f"/v1/wallet/transactions?cursor={largest}")).json()["data"] == []
    assert (await http.get("/v1/wallet/transactions?cursor=!!")).status_code == 400


async def test_an_alert_is_set_and_changed(world: Any, http: httpx.AsyncClient) -> None:
    await book(world, a_top_up(5_000, mint("r")))
    for threshold, low in ((4_000, False), (6_000, True), (5_000, False)):
        body = {"threshold": threshold, "recommended": 50_000}
        wallet = (await http.put("/v1/wallet/alert", json=body)).json()
        assert (wallet["low"], wallet["alert"]) == (low, body)
        assert (await http.get("/v1/wallet")).json() == wallet
    ((state,),) = world.sql("select state from wallet_alerts where org_id = %s", world.org)
    assert state == "above"


async def test_an_alert_set_below_its_threshold_waits_for_the_next_fall(
    world: Any, http: httpx.AsyncClient
) -> None:
    await http.put("/v1/wallet/alert", json={"threshold": 100, "recommended": 500})
    ((state,),) = world.sql("select state from wallet_alerts where org_id = %s", world.org)
    assert state == "below"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"threshold": 0, "recommended": 1}, "/threshold"),
        ({"threshold": 1}, "/recommended"),
        ({"threshold": 1, "recommended": 1.5}, "/recommended"),
        ({"threshold": 1, "recommended": 1, "currency": "XXX"}, "/currency"),
        ({"threshold": 1, "recommended": 1, "phone": "1"}, "/phone"),
    ],
)
async def test_a_wrong_alert_names_its_field(
    http: httpx.AsyncClient, body: Any, pointer: str
) -> None:
    answer = await http.put("/v1/wallet/alert", json=body)
    assert (answer.status_code, answer.json()["param"]) == (400, pointer)


async def test_a_key_that_may_only_read_sets_no_alert(world: Any) -> None:
    reader = world.client(world.make_key(scopes=(WALLET_READ,)))
    answer = await reader.put("/v1/wallet/alert", json={"threshold": 1, "recommended": 1})
    assert answer.status_code == 403


async def test_a_loan_is_quoted_its_charges_and_not_its_amount(http: httpx.AsyncClient) -> None:
    quoted = (await http.get("/v1/charges/quote?for=loan&amount=500000")).json()
    assert [(line["code"], line["total"]) for line in quoted["lines"]] == [
        ("processing_loan", 2_000),
        ("sms", 160),
    ]
    assert (quoted["charges"], quoted["wallet_total"], quoted["provider_fee"]) == (
        2_160, 2_160, 900,
    )  # fmt: skip


async def test_a_float_purchase_is_quoted_with_its_float(http: httpx.AsyncClient) -> None:
    quoted = (await http.get("/v1/charges/quote?for=float_purchase&amount=5000000")).json()
    assert (quoted["charges"], quoted["wallet_total"]) == (3_000, 5_003_000)


@pytest.mark.parametrize(
    "query",
    ["for=loan", "amount=5", "for=gift&amount=5", "for=loan&amount=0",
     "for=loan&amount=99999999999", "for=loan&amount=5&currency=XXX",
     "for=loan&amount=5&currency=UGX"],
)  # fmt: skip
async def test_what_cannot_be_quoted_is_a_problem(http: httpx.AsyncClient, query: str) -> None:
    answer = await http.get(f"/v1/charges/quote?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")
