"""From a notice to somebody's hands: our rows, our clients, the simulated gateways and mail."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from providers.mail.settings import MailSettings
from providers.mail.smtp import Mail
from providers.sms.africastalking import AfricasTalking
from providers.sms.airtouch import AirTouch
from providers.sms.settings import AfricasTalkingSettings, AirTouchSettings
from runtime.database import Database
from runtime.vault import Vault
from simulators.server import running
from simulators.settings import Settings
from tests.activities.outbox import Outbox

PHONE, MAILBOX = "254712000111", "amina@umoja.example"


@dataclass
class World:
    """An outbox whose gateways are real clients of the simulators."""

    outbox: Outbox
    http: httpx.AsyncClient

    async def held(self, to: str) -> list[tuple[str, str]]:
        """What one address holds: (by which way, text)."""
        answer = await self.http.get("/control/messages/inbox", params={"to": to})
        return [(text["via"], text["text"]) for text in answer.json()]

    async def order(self, what: str, **body: Any) -> None:
        (await self.http.post(f"/control/{what}", json=body)).raise_for_status()


@pytest.fixture
async def world(
    database: Database, vault: Vault, urls: Any, unused_tcp_port: int
) -> AsyncIterator[World]:
    settings = Settings(speed=0.05, smtp_port=unused_tcp_port)
    async with running(settings) as address:
        outbox = Outbox(database, vault, urls.admin)
        outbox.gateways = [
            AirTouch(
                AirTouchSettings(
                    base_url=f"{address}/airtouch",
                    username="sim-airtouch",
                    api_key=SecretStr("sim-airtouch-key"),
                    sender="KAURI",
                )
            ),
            AfricasTalking(
                AfricasTalkingSettings(
                    base_url=f"{address}/africastalking",
                    username="sandbox",
                    api_key=SecretStr("sim-africastalking-key"),
                )
            ),
            Mail(
                MailSettings(
                    host="127.0.0.1",
                    port=unused_tcp_port,
                    sender="kauri@localhost",
                    security="none",
                )
            ),
        ]
        async with httpx.AsyncClient(base_url=address, trust_env=False) as http:
            yield World(outbox, http)
        for gateway in outbox.gateways:
            await gateway.aclose()


async def test_a_code_reaches_phone_and_mailbox_and_stands_nowhere_else(
    world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    await world.outbox.tell("otp", to_phone=PHONE, to_email=MAILBOX)
    page = await world.outbox.deliver()
    (text,), (mail,) = await world.held(PHONE), await world.held(MAILBOX)
    assert (page.delivered, text[0], mail[0]) == (2, "airtouch", "smtp")
    assert "424242" in text[1]
    assert "424242" in mail[1]
    kept = str([world.outbox.ask(f"select * from {table}") for table in _TABLES])
    assert "424242" not in kept + caplog.text + "".join(capfd.readouterr())


_TABLES = ("messages", "message_attempts", "gateway_health", "message_reports")


async def test_an_empty_account_sends_everybody_to_the_second_gateway(world: World) -> None:
    await world.order("messages/accounts", gateway="airtouch", units=0)
    for _ in range(2):
        await world.outbox.tell(to_phone=PHONE)
        await world.outbox.deliver()
    assert [via for via, _ in await world.held(PHONE)] == ["africastalking", "africastalking"]
    requests = (await world.http.get("/control/airtouch/requests")).json()
    assert len([one for one in requests if one["direction"] == "in"]) == 1


async def test_a_code_whose_answer_was_lost_comes_twice_and_not_three_times(world: World) -> None:
    await world.order("airtouch/faults", fault="reset_mid_body")
    await world.outbox.tell("otp", to_phone=PHONE)
    page = await world.outbox.deliver()
    ways = [via for via, _ in await world.held(PHONE)]
    assert (page.delivered, ways) == (1, ["airtouch", "africastalking"])
