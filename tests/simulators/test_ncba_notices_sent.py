"""What the bank pushes: two forms, right and wrong hashes, again until it is taken."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from starlette.types import Receive, Scope, Send

from simulators.server import serving
from simulators.settings import Settings
from tests.simulators.bank_peer import POOL, Bank, a_bank, until
from tests.simulators.peers import World, a_world

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def bank(world: World) -> Bank:
    return await a_bank(world)


class Desk:
    """Answers notices in turn, the last answer for ever; remembers what it was told."""

    def __init__(self, *answers: bytes) -> None:
        self.told: list[str] = []
        self.proofs: list[bytes] = []
        self._answers = list(answers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        raw, more = b"", True
        while more:
            message = await receive()
            raw, more = raw + message.get("body", b""), message.get("more_body", False)
        self.told.append(raw.decode())
        self.proofs.append(dict(scope["headers"]).get(b"authorization", b""))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": answer})


async def credited(bank: Bank, url: str, **changes: Any) -> dict[str, Any]:
    order = {"account": POOL, "amount_minor": 150_000, "narrative": "TU12345678", "url": url}
    said: dict[str, Any] = (await bank.order("credit", **{**order, **changes})).json()
    return said


async def all_told(bank: Bank) -> bool:
    return all(push["told"] for push in (await bank.book())["notices"])


def field(body: str, name: str) -> str:
    found = re.search(f"<{name}>([^<]*)</{name}>", body)
    return found[1] if found else ""


async def test_a_soap_notice_is_hashed_over_hex_text_and_taken_on_ok(bank: Bank) -> None:
    desk = Desk(b"<Result>OK</Result>")
    async with serving(desk) as url:
        said = await credited(bank, url)
        await until(lambda: all_told(bank))
    (body,) = desk.told
    names = ("TransType", "TransID", "TransTime", "TransAmount", "AccountNr", "Narrative",
             "PhoneNr", "CustomerName", "Status")  # fmt: skip
    made = "sim-notice-secret" + "".join(field(body, name) for name in names)
    right = base64.b64encode(hashlib.sha256(made.encode()).hexdigest().encode()).decode()
    assert said["told"] == ["xml"]
    assert (field(body, "TransID"), field(body, "TransAmount")) == (said["reference"], "1500.00")
    assert field(body, "HashVal") == right
    assert len(right) == 88


async def test_what_is_not_ok_is_sent_again_until_it_is(bank: Bank) -> None:
    desk = Desk(b"FAIL: hash", b"FAIL: busy", b"OK: Duplicate Notification")
    async with serving(desk) as url:
        await credited(bank, url)
        await until(lambda: all_told(bank))
    assert len(desk.told) == 3
    assert len(set(desk.told)) == 1


async def test_a_notice_nobody_takes_is_given_up_after_some_tries(bank: Bank) -> None:
    await bank.order("settings", notice_tries=2, callback_gap_seconds=0)
    desk = Desk(b'{"ResultCode":"1"}')
    async with serving(desk) as url:
        await credited(bank, url, form="json")

        async def twice() -> bool:
            return len(desk.told) == 2

        await until(twice)
    assert not await all_told(bank)


@pytest.mark.parametrize(("how", "letters"), [("right", 88), ("wrong", 88), ("raw", 44)])
async def test_a_hash_may_be_ordered_wrong(bank: Bank, how: str, letters: int) -> None:
    desk = Desk(b"OK")
    async with serving(desk) as url:
        await credited(bank, url, hash=how)
        await until(lambda: all_told(bank))
    assert len(field(desk.told[0], "HashVal")) == letters


async def test_both_forms_tell_the_same_money(bank: Bank) -> None:
    desk = Desk(b'{"ResultCode":"0","Result":"OK"}')
    async with serving(desk) as url:
        said = await credited(bank, url, form="both", receipt="TJR678XXXX", core_reference=False)
        await until(lambda: all_told(bank))
    xml, json_ = sorted(desk.told)
    assert said["told"] == ["xml", "json"]
    assert '"TransID": "TJR678XXXX"' in json_
    assert '"FTRef": ""' in json_
    assert '"TransAmount": "1500.0"' in json_
    assert '"Narrative": "TU12345678"' in json_
    assert field(xml, "TransID") == said["reference"]
    assert len((await bank.book())["lines"]) == 1


async def test_a_debit_is_told_as_a_negative_amount(bank: Bank) -> None:
    desk = Desk(b"OK")
    async with serving(desk) as url:
        await bank.order("register", account=POOL, xml_url=url)
        await bank.buy()
        await until(lambda: all_told(bank))
    assert field(desk.told[0], "TransAmount") == "-1000.00"


async def test_a_callback_carries_the_pair_of_its_registered_address(bank: Bank) -> None:
    desk = Desk(b"{}")
    async with serving(desk) as url:
        address = url.replace("://", "://bank:pw@") + "/in/kb1/x"
        await bank.order("register", account=POOL, callback_url=address)
        await bank.buy()

        async def called() -> bool:
            return bool(desk.told)

        await until(called)
    assert desk.proofs == [b"Basic " + base64.b64encode(b"bank:pw")]


async def test_money_told_to_nobody_stands_on_the_statement_alone(bank: Bank) -> None:
    said = await credited(bank, "", form="none")
    (line,) = await bank.lines()
    assert said["told"] == []
    assert (line["CreditAmount"], line["PaymentDetails"]) == ("1500.00", "TU12345678")
    unknown = await bank.order("credit", account="123456", amount_minor=1)
    assert unknown.status_code == 404


async def test_a_notice_under_way_is_sent_on_after_a_restart(tmp_path: Path) -> None:
    settings = Settings(speed=0.05, state_dir=tmp_path)
    desk = Desk(b"FAIL: later", b"OK")
    async with serving(desk) as url:
        async with a_world(settings) as world:
            bank = Bank(world)
            await bank.order("settings", callback_gap_seconds=600)
            await credited(bank, url)

            async def refused() -> bool:
                return len(desk.told) == 1

            await until(refused)
        async with a_world(settings) as world:
            await until(lambda: all_told(Bank(world)))
    assert len(desk.told) == 2
