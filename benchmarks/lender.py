"""A lender under measurement: enrolled by real calls, its wallet filled, its loans approved."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cli.demo.client import DemoClient, Keys
from cli.demo.vault import bank
from cli.demo.vault.lenders import Lender, enrol
from cli.demo.vault.told import Player
from cli.seed import seed_partner
from cli.stack.stack import Stack
from models import ids

#: Who pays loans out, and who only has many. Each has a tenant of its own at the simulator.
PAYS = Lender(
    name="Bench Credit",
    tenant="default",
    payer="600444",
    pay_bill="600445",
    app="benchcredit",
    approver="+254722000503",
    lent=10_000_000_000,
)
WAITS = Lender(
    name="Bench Sacco",
    tenant="sacco-two",
    payer="600555",
    pay_bill="600556",
    app="benchsacco",
    approver="+254722000504",
)
#: Minor units: each loan, and what the wallet holds for charges.
_PRINCIPAL, _CHARGES = 100_000, 50_000_000
#: Numbers no simulator reads a fault from (docs/simulators.md); the client's id makes each one.
_MOBILES = "0745{n:06d}"


@asynccontextmanager
async def lending(stack: Stack, lender: Lender) -> AsyncIterator[Player]:
    """The lender with valid credentials, enabled products and money for charges."""
    urls = stack.urls
    org, key = seed_partner(urls.database, lender.name)
    keys = Keys(merchant=key, operator="", approver="")
    async with DemoClient(urls.api, urls.simulators, keys) as client:
        user = await enrol(client, lender)
        player = Player(
            lender=lender, client=client, org=ids.shown(ids.ORG, org), approver=user["id"]
        )
        await bank.register(player.client, urls.api, stack.settings().callback_secret)
        await bank.top_up(player, _CHARGES, form="xml")
        yield player


async def approve(player: Player, count: int) -> list[int]:
    """Loans approved at once, each of a client of its own; their ids at the lender."""
    order = {
        "tenant": player.lender.tenant,
        "count": count,
        "mobile": _MOBILES,
        "principal_minor": _PRINCIPAL,
        "hooks": False,
    }
    loans: list[int] = (await player.client.control("fineract/loans", order))["loan_ids"]
    return loans
