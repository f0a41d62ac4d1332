"""Short codes, books and results outlive the simulator."""

import asyncio
from pathlib import Path

import pytest

from simulators.settings import Settings
from tests.simulators.peers import World, a_world
from tests.simulators.short_code import CODE, a_short_code, certificate, sealed

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_restart_keeps_books_references_key_and_what_was_under_way(tmp_path: Path) -> None:
    settings = Settings(speed=0.05, state_dir=tmp_path)
    async with a_world(settings) as world:
        code = await a_short_code(world, working_minor=700)
        pem = await certificate(world)
        await code.pay("K-done")
        await code.result()
        await world.order("daraja/settings", late_after_seconds=600)
        await code.pay("K-open", payee="254700000014")
        before = await code.account()
    async with a_world(settings) as world:
        kept = (await world.book("daraja"))["organisations"][CODE]
        assert await certificate(world) == pem
        assert kept["movements"][: len(before["movements"])] == before["movements"]
        assert kept["opening"] == {"working": 700, "utility": 1_000_000, "charges_paid": 0}
        async with asyncio.timeout(30):
            while len((await world.book("daraja"))["organisations"][CODE]["movements"]) < 4:
                pass
        token = await world.http.get(
            "/daraja/oauth/v1/generate?grant_type=client_credentials",
            auth=(f"key-{CODE}", f"secret-{CODE}"),
        )
        again = await world.http.post(
            "/daraja/mpesa/b2c/v3/paymentrequest",
            headers={"Authorization": f"Bearer {token.json()['access_token']}"},
            json={
                "OriginatorConversationID": "K-done",
                "InitiatorName": "partner-api",
                "SecurityCredential": sealed(pem, "x"),
                "CommandID": "BusinessPayment",
                "Amount": "10",
                "PartyA": CODE,
                "PartyB": "254700000000",
                "Remarks": "Again",
                "QueueTimeOutURL": "http://127.0.0.1:9/t",
                "ResultURL": "http://127.0.0.1:9/r",
            },
        )
        assert again.json()["errorMessage"] == "Duplicate OriginatorConversationID."


async def test_a_result_nobody_was_told_is_told_after_a_restart_and_moves_once(
    tmp_path: Path,
) -> None:
    settings = Settings(speed=0.05, state_dir=tmp_path)
    async with a_world(settings) as world:
        code = await a_short_code(world)
        await world.order("daraja/settings", callback_delay_seconds=600)
        elsewhere = "http://127.0.0.1:9/in/result"
        await code.pay(ResultURL=elsewhere)
        async with asyncio.timeout(30):
            while not (await code.account())["movements"]:
                pass
    async with a_world(settings) as world:
        async with asyncio.timeout(30):
            while not await told(world, "/in/result"):
                pass
        kept = (await world.book("daraja"))["organisations"][CODE]
    assert [line["kind"] for line in kept["movements"]] == ["payout", "fee"]
    assert kept["balances"]["utility"] == 900_000


async def told(world: World, path: str) -> bool:
    """Whether Daraja tried to tell anybody there."""
    log = (await world.http.get("/control/daraja/requests")).json()
    return any(line["direction"] == "out" and line["path"] == path for line in log)


async def test_a_reset_forgets_the_short_codes_but_not_the_one_of_the_start(world: World) -> None:
    await a_short_code(world)
    await world.order("daraja/reset")
    assert list((await world.book("daraja"))["organisations"]) == ["600000"]
