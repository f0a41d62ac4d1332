"""A merchant who sends files of payouts: owed enough, and with rows nobody paid before."""

import asyncio
from collections.abc import Sequence
from typing import Any

from cli.demo.client import DemoClient, Keys
from cli.seed import mint_key, seed_merchant
from cli.stack.environment import Urls
from models.ids import uuid7

#: Shillings of each row.
AMOUNT = 1_000
#: Shillings of one payment to the merchant: below what Airtel carries.
_FUNDS, _PAYER = 2_000_000, "+256752777777"
_LOOK = 0.3


def shop(urls: Urls) -> tuple[DemoClient, DemoClient]:
    """A new merchant, and its second person, who sets the limits and may approve."""
    org, key = seed_merchant(urls.database, "Bench payroll")
    scopes = ("payouts:read", "payouts:approve")
    second = mint_key(urls.database, org, principal="second", scopes=scopes)
    clients = [
        DemoClient(urls.api, urls.simulators, Keys(merchant=one, operator="", approver=""))
        for one in (key, second)
    ]
    return clients[0], clients[1]


def phones(count: int, first: int) -> list[str]:
    """Numbers of Airtel in Uganda that no simulator reads a fault from."""
    return [f"25675{number:07d}" for number in range(first, first + count)]


def file_of(numbers: Sequence[str]) -> str:
    """The file that pays them."""
    return "phone,amount,reference\n" + "".join(
        f"+{phone},{AMOUNT},BENCH-{phone}\n" for phone in numbers
    )


async def send(client: DemoClient, numbers: Sequence[str]) -> str:
    """Send the file; the batch's id."""
    sent = await client.upload("/v1/payout_batches?currency=UGX&country=UG", file_of(numbers))
    return str(sent["id"])


async def fund(client: DemoClient, rows: int) -> None:
    """Have the merchant paid twice what the rows take."""
    for _ in range(-(-2 * rows * AMOUNT // _FUNDS)):
        await _paid(client)


async def _paid(client: DemoClient) -> None:
    session: dict[str, Any] = {
        "amount": _FUNDS,
        "currency": "UGX",
        "reference": f"funds-{uuid7().hex[-12:]}",
        "confirm": {"method": "airtel", "payer": {"phone": _PAYER}},
    }
    opened = await client.post("/v1/checkouts?wait=20", session)
    while opened["payment"]["status"] != "succeeded":
        await asyncio.sleep(_LOOK)
        opened = await client.get(f"/v1/checkouts/{opened['id']}")
