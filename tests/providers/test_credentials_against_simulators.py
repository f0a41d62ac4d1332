"""Credentials tried out against the simulators, as a worker would; their books stay untouched."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from activities.credential_probes import probe
from models.credential_check import Check, CheckOrder, Probe, initiator_check
from models.credentials import FIELDS, CredentialKind, MpesaFields
from providers.mpesa.results import read_balance
from runtime.partner_clients import DarajaSettings, builders
from runtime.settings import Settings
from simulators.settings import Settings as SimulatorSettings
from tests.simulators.peers import World, a_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORGANISATION = {
    "short_code": "600111",
    "consumer_key": "lender-key",
    "consumer_secret": "lender-secret",
    "initiator": "lenderapi",
    "initiator_password": "right-password",
    "utility_minor": 1_000_000,
}
MPESA = {name: value for name, value in ORGANISATION.items() if name != "utility_minor"}
STK = {
    "short_code": "600111",
    "consumer_key": "lender-key",
    "consumer_secret": "lender-secret",
    "passkey": "p",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with a_world(SimulatorSettings(speed=0.05)) as opened:
        await opened.order("daraja/organisations", **ORGANISATION)
        yield opened


class FirstTries:
    """Nothing was tried before."""

    async def claim(self, _order: CheckOrder, _fields: MpesaFields) -> None:
        """Nothing stands against it."""

    async def unsent(self, _order: CheckOrder) -> None:
        """Forgotten."""


async def tried(world: World, kind: str, path: str = "/r", **fields: Any) -> Probe:
    certificate = (await world.http.get("/control/daraja/certificate")).text
    daraja = DarajaSettings(base_url=f"{world.base}/daraja", certificate=certificate)
    settings = Settings(env="test", webhook_allow_internal=True)
    entered = FIELDS[CredentialKind(kind)](**fields)
    client = builders(settings, daraja)[CredentialKind(kind)](entered)
    order = CheckOrder(credential_id="cred_1", org_id="org_1", livemode=False, kind=kind, version=1)
    try:
        where = world.listener_url + path
        return await probe(order, entered, client, lambda _owner, _slug: where, FirstTries())
    finally:
        await client.aclose()


def told(found: Probe) -> dict[str, bool | None]:
    return {check.name: check.passed for check in found.checks}


async def result(world: World, path: str) -> Check:
    (heard,) = await world.listener.hear(path)
    return initiator_check(read_balance(heard.raw))


async def test_the_right_initiator_is_told_its_balances(world: World) -> None:
    found = await tried(world, "mpesa_b2c", "/right", **MPESA)
    assert (told(found), found.awaits_result) == ({"token": True}, True)
    assert (await result(world, "/right")).passed is True


async def test_a_wrong_password_is_found_by_one_try(world: World) -> None:
    wrong = {**MPESA, "initiator_password": "wrong-password"}
    found = await tried(world, "mpesa_c2b", "/wrong", **wrong)
    check = await result(world, "/wrong")
    assert (told(found), check.name, check.passed) == ({"token": True}, "initiator", False)


@pytest.mark.parametrize("kind", ["mpesa_b2c", "mpesa_stk"])
async def test_wrong_keys_get_no_token_and_no_initiator_is_tried(world: World, kind: str) -> None:
    fields = {**(MPESA if kind == "mpesa_b2c" else STK), "consumer_secret": "wrong"}
    found = await tried(world, kind, "/never", **fields)
    assert (told(found), found.awaits_result) == ({"token": False}, False)
    assert world.listener.on("/never") == []


def lender(world: World, **changes: Any) -> dict[str, Any]:
    fields = {
        "url": f"{world.base}/fineract/fineract-provider/api/v1",
        "user": "kauri",
        "password": "sim-mifos-password",
    }
    return {**fields, **changes}


async def test_a_lenders_user_passes_every_check(world: World) -> None:
    found = await tried(world, "mifos", **lender(world))
    assert told(found) == dict.fromkeys(
        ("sign_in", "permissions", "maker_checker", "payment_type"), True
    )


@pytest.mark.parametrize(
    ("changes", "failed"),
    [
        ({"password": "wrong"}, {"sign_in": False}),
        ({"tenant": "nobody"}, {"sign_in": False}),
        ({"payment_type": "Cash"}, {"payment_type": False}),
        ({"payment_type": "Seashells"}, {"payment_type": False}),
    ],
)
async def test_what_is_wrong_with_a_lenders_user_is_named(
    world: World, changes: dict[str, str], failed: dict[str, bool]
) -> None:
    found = await tried(world, "mifos", **lender(world, **changes))
    wrong = {name: passed for name, passed in told(found).items() if not passed}
    assert wrong == failed


async def test_a_command_that_would_wait_for_a_checker_is_found(world: World) -> None:
    await world.order("fineract/switches/sacco-two", maker_checker=["REPAYMENT_LOAN"])
    found = await tried(world, "mifos", **lender(world, tenant="sacco-two"))
    (check,) = [check for check in found.checks if not check.passed]
    assert (check.name, "REPAYMENT_LOAN" in check.detail) == ("maker_checker", True)


async def test_a_user_without_the_right_to_disburse_is_found(world: World) -> None:
    order = {"tenant": "default", "name": "reader", "password": "p"}
    await world.order("fineract/users", **order, permissions=["ALL_FUNCTIONS_READ"])
    found = await tried(world, "mifos", **lender(world, user="reader", password="p"))
    assert told(found)["permissions"] is False


async def test_no_check_moved_money(world: World) -> None:
    await tried(world, "mpesa_b2c", "/quiet", **MPESA)
    await world.listener.hear("/quiet")
    book = (await world.book("daraja"))["organisations"]["600111"]
    assert (book["movements"], book["initiator_locked"]) == ([], False)
