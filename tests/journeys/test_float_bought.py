"""Float bought through everything that runs: API, worker, bank, M-Pesa, and what they get wrong."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from cli.demo.client import DemoClient, Keys
from cli.demo.vault import bank, floats
from cli.demo.vault.lenders import LENDERS, Lender
from cli.demo.vault.told import Player
from cli.seed import seed_partner
from cli.stack.stack import Stack
from models import ids

FLOAT, WALLET, LENT, CHARGES = 2_000_000, 20_000_000, 5_000_000, 3_000
_SERIAL = iter(range(600_701, 600_790))


@pytest.fixture
async def player(stack: Stack, keys: Keys) -> AsyncIterator[Player]:
    """A lender with a checked short code, an approver and money in its wallet."""
    number = next(_SERIAL)
    lender = replace(
        LENDERS[0],
        name=f"Lender {number}",
        payer=str(number),
        app=f"lender{number}",
        approver=f"+254722{number}",
        lent=LENT,
    )
    org, key = seed_partner(stack.urls.database, lender.name)
    mine = replace(keys, merchant=key)
    async with DemoClient(stack.urls.api, stack.urls.simulators, mine) as client:
        user = await _enrolled(client, lender)
        playing = Player(lender=lender, client=client, org=ids.shown(ids.ORG, org), approver=user)
        await bank.register(playing.client, stack.urls.api, stack.settings().callback_secret)
        topped = await bank.top_up(playing, WALLET, form="xml")
        assert topped.as_expected, topped
        yield playing


async def _enrolled(client: DemoClient, lender: Lender) -> str:
    organisation = {
        "short_code": lender.payer,
        "consumer_key": lender.app,
        "consumer_secret": lender.secret,
        "initiator_password": lender.password,
    }
    await client.control(
        "daraja/organisations", {**organisation, "name": lender.name, "utility_minor": lender.lent}
    )
    entered = await client.post(
        "/v1/credentials/mpesa_b2c?wait=25", {**organisation, "initiator": "sim-initiator"}
    )
    assert entered["state"] == "valid", entered
    named = {"name": "Treasurer", "phone": lender.approver, "email": lender.email}
    return str((await client.post("/v1/authorised_users", named))["id"])


async def bought(player: Player, *, fault: str = "", ends: str = "settled") -> None:
    """Buy float while the bank does something wrong; it has to end so."""
    if fault:
        order = {"fault": fault, "operation": "float"}
        await player.client.control("ncba/faults", order)
    where, code = await floats.quoted(player, FLOAT)
    await player.client.post(f"{where}/otp", {"code": code})
    told = await player.follow(f"float, bank: {fault}", where, ends)
    assert told.as_expected, told


async def in_utility(player: Player) -> int:
    book = await player.client.control(f"daraja/organisations/{player.lender.payer}")
    return int(book["balances"]["utility"])


@pytest.mark.parametrize("fault", ["", "debited_in_silence", "duplicate_callback"])
async def test_float_is_there_once_and_paid_for_once(player: Player, fault: str) -> None:
    await bought(player, fault=fault)
    wallet = await player.client.get("/v1/wallet")
    assert (wallet["available"], wallet["held"]) == (WALLET - FLOAT - CHARGES, 0)
    assert await in_utility(player) == LENT + FLOAT


async def test_what_the_bank_refuses_is_back_in_the_wallet(player: Player) -> None:
    await bought(player, fault="bank_refuses", ends="returned")
    wallet = await player.client.get("/v1/wallet")
    assert (wallet["available"], wallet["held"]) == (WALLET, 0)
    assert await in_utility(player) == LENT
