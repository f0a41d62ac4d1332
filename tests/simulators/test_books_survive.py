"""A money book in a file outlives its simulator."""

import asyncio
import json
import uuid
from pathlib import Path

import pytest

from simulators.book import MoneyBook, Payment
from simulators.faults import Outcome
from simulators.settings import Settings
from tests.simulators.peers import World, a_world

pytestmark = pytest.mark.asyncio(loop_scope="session")


def _payment(key: str) -> Payment:
    return Payment(
        key=key,
        our_reference=key,
        payer="237670000000",
        amount_minor=500,
        currency="XAF",
        callback_url="http://127.0.0.1/in/a",
        fault="paid",
        calls="once",
        serial=0,
        names={"reference_id": key},
    )


async def test_debits_and_prompts_are_read_back(tmp_path: Path) -> None:
    file = tmp_path / "momo.jsonl"
    book = MoneyBook("momo", file)
    paid, refused = _payment("a"), _payment("b")
    for payment in (paid, refused):
        book.accept(payment, rings=True)
    book.end(paid, Outcome.PAID, taken=(500, "XAF"), receipt="R1")
    book.end(refused, Outcome.DECLINED, taken=(0, ""), receipt="")
    book.close()
    again = MoneyBook("momo", file)
    assert again.account() == book.account()
    assert again.account()["totals"] == {"XAF": 500}
    assert again.account()["prompts"] == {"237670000000": 2}
    again.close()


async def test_every_fact_is_one_line_that_is_only_ever_appended(tmp_path: Path) -> None:
    file = tmp_path / "momo.jsonl"
    book = MoneyBook("momo", file)
    payment = _payment("a")
    book.accept(payment, rings=True)
    before = file.read_text()
    book.end(payment, Outcome.PAID, taken=(500, "XAF"), receipt="R1")
    book.close()
    after = file.read_text()
    assert after.startswith(before)
    assert [json.loads(line)["fact"] for line in after.splitlines()] == ["accepted", "ended"]


async def _pay(world: World, number: str, reference: str) -> None:
    answer = await world.momo.pay(number, reference=reference, path=f"/in/{reference}")
    assert answer.status_code == 202


async def test_a_restarted_simulator_knows_its_payments_and_plays_on(tmp_path: Path) -> None:
    done, open_ = str(uuid.uuid4()), str(uuid.uuid4())
    settings = Settings(speed=0.05, state_dir=tmp_path)
    async with a_world(settings) as world:
        await world.order("momo/settings", late_after_seconds=600)
        await _pay(world, "237670000000", done)
        await world.listener.hear(f"/in/{done}")
        await _pay(world, "237670000014", open_)
        early = (await world.momo.status(open_)).json()["status"]
    async with a_world(settings) as world:
        told = (await world.momo.status(done)).json()
        async with asyncio.timeout(30):
            while (await world.momo.status(open_)).json()["status"] == "PENDING":
                pass
        book = await world.book("momo")
    assert (told["status"], early) == ("SUCCESSFUL", "PENDING")
    assert book["times"] == {done: 1, open_: 1}


async def test_a_reset_empties_the_file(tmp_path: Path) -> None:
    async with a_world(Settings(speed=0.05, state_dir=tmp_path)) as world:
        await world.daraja.push()
        await world.listener.hear("/in/a")
        await world.order("daraja/reset")
        assert (await world.book("daraja"))["debits"] == []
    assert (tmp_path / "daraja.jsonl").read_text() == ""
