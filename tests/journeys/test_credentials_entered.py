"""A partner enters its secrets in a running stack: checked by real calls, nowhere in clear."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from cli.rotation import rotate
from cli.seed import seed_partner
from cli.stack.stack import Stack
from runtime.settings import Settings
from tests.journeys.test_privacy import holding

ORGANISATION = {
    "short_code": "600177",
    "consumer_key": "planted-daraja-key",
    "consumer_secret": "planted-daraja-secret",
    "initiator": "boda.api",
    "initiator_password": "planted-initiator-password",
}
WRONG = "planted-wrong-password"
LENDER_PASSWORD = "planted-lender-password"
PHONE, EMAIL = "254722902846", "planted.person@sacco.example"
PLANTED = [
    *(ORGANISATION[name] for name in ("consumer_key", "consumer_secret", "initiator_password")),
    *(WRONG, LENDER_PASSWORD, PHONE, EMAIL),
]


class Administrator:
    """The partner's administrator at the API, and the outside systems by their control."""

    def __init__(self, stack: Stack, api: httpx.AsyncClient, outside: httpx.AsyncClient) -> None:
        self.stack, self.api, self.outside = stack, api, outside

    async def prepares(self) -> None:
        """The short code and the lender's user exist."""
        await self.outside.post("/control/daraja/organisations", json=ORGANISATION)
        user = {"tenant": "default", "name": "boda", "password": LENDER_PASSWORD}
        await self.outside.post("/control/fineract/users", json=user)

    async def enters(self, kind: str, **fields: Any) -> dict[str, Any]:
        answer = await self.api.post(f"/v1/credentials/{kind}?wait=25", json=fields)
        shown: dict[str, Any] = answer.json()
        return shown

    async def enters_lender(self) -> dict[str, Any]:
        url = f"{self.stack.urls.simulators}/fineract/fineract-provider/api/v1"
        return await self.enters("mifos", url=url, user="boda", password=LENDER_PASSWORD)


@pytest.fixture
async def administrator(stack: Stack) -> AsyncIterator[Administrator]:
    _org, key = seed_partner(stack.urls.database, "Boda Sacco")
    headers = {"authorization": f"Bearer {key}"}
    async with (
        httpx.AsyncClient(base_url=stack.urls.api, headers=headers, timeout=40) as api,
        httpx.AsyncClient(base_url=stack.urls.simulators, timeout=10) as outside,
    ):
        entered = Administrator(stack, api, outside)
        await entered.prepares()
        yield entered


async def test_secrets_are_checked_and_are_nowhere_in_clear(administrator: Administrator) -> None:
    lender = await administrator.enters_lender()
    right = await administrator.enters("mpesa_b2c", **ORGANISATION)
    wrong = await administrator.enters("mpesa_c2b", **{**ORGANISATION, "initiator_password": WRONG})
    assert [shown["state"] for shown in (lender, right, wrong)] == ["valid", "valid", "invalid"]
    assert wrong["checks"][-1]["detail"] == "wrong initiator or password"
    user = {"name": "A", "phone": PHONE, "email": EMAIL}
    assert (await administrator.api.post("/v1/authorised_users", json=user)).status_code == 201
    assert holding(administrator.stack.state.path, PLANTED) == []


async def test_one_wrong_password_entered_many_ways_locks_nobody(
    administrator: Administrator,
) -> None:
    right = {**ORGANISATION, "short_code": "600178"}
    wrong = {**right, "initiator_password": WRONG}
    await administrator.outside.post("/control/daraja/organisations", json=right)
    assert (await administrator.enters("mpesa_b2c", **wrong))["state"] == "invalid"
    said = []
    for kind in ("mpesa_b2c", "mpesa_c2b", "mpesa_b2c"):
        await administrator.api.delete(f"/v1/credentials/{kind}")
        said.append((await administrator.enters(kind, **wrong))["code"])
    assert said == ["initiator_would_lock"] * 3
    assert (await administrator.enters("mpesa_b2c", **right))["state"] == "valid"


async def test_keys_are_rotated_while_the_lender_is_asked(administrator: Administrator) -> None:
    assert (await administrator.enters_lender())["in_use"]
    settings = _settings(administrator.stack)
    told = await rotate(settings, data_keys=True, settle=0.0)
    answer = await administrator.api.post("/v1/loan_products/sync")
    assert (answer.status_code, answer.json()["added"]) == (200, 3)
    assert "values are sealed under new data keys" in told


def _settings(stack: Stack) -> Settings:
    """The settings of the stack's own processes."""
    secrets = stack.state.secrets()
    return Settings(database_url=stack.urls.database, vault_keys=secrets["vault_keys"])
