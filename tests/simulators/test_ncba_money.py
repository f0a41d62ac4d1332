"""A float purchase through the bank: debited, called back, credited, each as ordered."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from simulators.ncba.app import Ncba
from simulators.ncba.desk import MobileMoney
from simulators.settings import Settings
from tests.simulators.bank_peer import POOL, Bank, a_bank, until
from tests.simulators.peers import SHORT_CODE, World, a_world

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def bank(world: World) -> Bank:
    return await a_bank(world)


async def floated(bank: Bank, times: int = 1) -> list[dict[str, Any]]:
    """The book's float once that much arrived at M-Pesa."""

    async def there() -> bool:
        return len((await bank.book())["float"]) >= times

    await until(there)
    float_: list[dict[str, Any]] = (await bank.book())["float"]
    return float_


async def test_a_purchase_debits_at_once_then_calls_back_and_lands_in_working(bank: Bank) -> None:
    await bank.registered(callback_url="/in/kb1/a")
    await bank.buy()
    lines = await bank.lines()
    (heard,) = await bank.world.listener.hear("/in/kb1/a")
    assert (lines[0]["DebitAmount"], lines[0]["CreditReference"]) == ("1000.00", "fp_1")
    assert "FP_1" in lines[0]["Narrative"]
    assert (heard.body["TransactionID"], heard.body["Status"]) == ("fp_1", "SUCCESS")
    (float_,) = await floated(bank)
    assert (float_["short_code"], float_["amount_minor"], float_["where"]) == (
        SHORT_CODE,
        100_000,
        "working",
    )
    book = await bank.book()
    assert (book["times"], book["accounts"][POOL]) == ({"fp_1": 1}, 999_900_000)


async def test_float_may_land_in_utility(bank: Bank) -> None:
    await bank.order("settings", float_lands_in="utility")
    await bank.buy()
    assert (await floated(bank))[0]["where"] == "utility"


async def test_a_purchase_refused_later_is_put_back(bank: Bank) -> None:
    await bank.registered(callback_url="/in/kb1/b")
    await bank.order("faults", fault="declined", operation="float")
    assert (await bank.buy()).json()["resErrorCode"] == "000"
    (heard,) = await bank.world.listener.hear("/in/kb1/b")
    lines = await bank.lines()
    assert heard.body["Status"] == "FAILED"
    assert [line["CreditDebitFlag"] for line in lines] == ["Debit", "Credit"]
    assert lines[1]["Narrative"].startswith("REVERSAL")
    book = await bank.book()
    assert (book["accounts"][POOL], book["float"]) == (1_000_000_000, [])


@pytest.mark.parametrize(
    ("fault", "claims"),
    [("duplicate_callback", ["SUCCESS", "SUCCESS"]),
     ("contradictory_callback", ["FAILED", "SUCCESS"]),
     ("out_of_order_callback", ["SUCCESS", "PENDING"])],
)  # fmt: skip
async def test_callbacks_repeat_and_contradict_while_the_money_moved_once(
    bank: Bank, fault: str, claims: list[str]
) -> None:
    await bank.registered(callback_url=f"/in/kb1/{fault}")
    await bank.order("faults", fault=fault, operation="float")
    await bank.buy()
    heard = await bank.world.listener.hear(f"/in/kb1/{fault}", 2)
    assert [one.body["Status"] for one in heard] == claims
    assert len(await floated(bank)) == 1
    assert len(await bank.lines()) == 1


async def test_a_call_that_timed_out_may_have_been_debited(bank: Bank) -> None:
    await bank.order("faults", fault="debited_in_silence", operation="float")
    with pytest.raises(httpx.HTTPError):
        await bank.buy()
    assert (await bank.lines())[0]["DebitAmount"] == "1000.00"
    assert len(await floated(bank)) == 1


async def test_float_that_never_comes_stays_debited(bank: Bank) -> None:
    await bank.registered(callback_url="/in/kb1/never")
    await bank.order("faults", fault="float_never", operation="float")
    await bank.buy()
    (heard,) = await bank.world.listener.hear("/in/kb1/never")
    assert heard.body["Status"] == "SUCCESS"
    assert (await bank.book())["float"] == []
    assert (await bank.book())["accounts"][POOL] == 999_900_000


async def test_late_float_comes_after_the_callback(bank: Bank) -> None:
    await bank.registered(callback_url="/in/kb1/late")
    await bank.order("faults", fault="float_late", operation="float")
    await bank.buy()
    await bank.world.listener.hear("/in/kb1/late")
    assert (await bank.book())["float"] == []
    assert len(await floated(bank)) == 1


@pytest.mark.parametrize(
    ("fault", "status", "word"),
    [("bank_refuses", 200, "999"), ("firewall", 403, "Security Notice"),
     ("rate_limited", 429, "Rate"),
     ("token_expired", 401, "Unauthorized"), ("error_after_accept", 500, "error"),
     ("malformed_json", 200, "resErr"), ("html_error_page", 502, "Bad Gateway")],
)  # fmt: skip
async def test_answers_are_spoiled_as_ordered(
    bank: Bank, fault: str, status: int, word: str
) -> None:
    await bank.order("faults", fault=fault, operation="float")
    answer = await bank.buy()
    assert answer.status_code == status
    assert word in answer.text
    acted = fault in {"error_after_accept", "malformed_json", "html_error_page"}
    assert (await bank.book())["accepted"] == int(acted)


async def test_a_statement_may_be_older_than_the_last_line(bank: Bank) -> None:
    await bank.buy()
    await bank.order("faults", fault="stale_status", operation="statement")
    assert await bank.lines() == []
    assert len(await bank.lines()) == 1


async def test_a_bank_that_is_down_acts_on_nothing(bank: Bank) -> None:
    await bank.order("down", down=True, how="503")
    answer = await bank.buy()
    await bank.order("down", down=False)
    assert answer.status_code == 503
    assert (await bank.book())["accepted"] == 0


async def test_mobile_money_beside_the_bank_is_credited_and_asked_for_names() -> None:
    credited: list[tuple[str, int, str, str]] = []
    bank = Ncba(
        Settings(speed=0),
        MobileMoney(credit=lambda *said: credited.append(said), owner={SHORT_CODE: "ACME LTD"}.get),
    )
    bank.book.open("7744510026", 0)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=_standing(bank)), base_url="http://bank"
    ) as http:
        peer = Bank(cast(World, SimpleNamespace(http=http)))
        await peer.token()
        unknown = await peer.buy(reqPayBillTillNo="999999")
        asked = {"identifier": SHORT_CODE, "identifierType": "4"}
        owner = await peer.post("/LipaNaMpesaValidation/accountdetails", asked)
        await peer.buy()

        async def arrived() -> bool:
            return bool(credited)

        await until(arrived)
    await bank.stage.aclose()
    assert unknown.json()["resErrorCode"] == "115"
    assert owner.json()["OrganizationName"] == "ACME LTD"
    assert credited == [(SHORT_CODE, 100_000, "working", "fp_1")]


def _standing(bank: Ncba) -> FastAPI:
    app = FastAPI()
    bank.mount(app)
    return app


async def test_a_restarted_bank_knows_its_accounts_and_plays_on(tmp_path: Path) -> None:
    settings = Settings(speed=0.05, state_dir=tmp_path)
    async with a_world(settings) as world:
        bank = Bank(world)
        await bank.token()
        await bank.order("accounts", account="7744510026", balance_minor=700)
        await bank.order("settings", late_after_seconds=600)
        await bank.order("faults", fault="float_late", operation="float")
        await bank.buy("fp_done")
        await bank.order("faults", fault="late_callback", operation="float")
        await bank.buy("fp_open")

        async def ended() -> bool:
            return bool((await bank.book())["times"] == {"fp_done": 1})

        await until(ended)
        before = await bank.lines()
    async with a_world(settings) as world:
        bank = Bank(world)
        await bank.token()
        assert await bank.lines() == before
        assert {line["key"] for line in await floated(bank, 2)} == {
            line["InstrumentReferenceNumber"] for line in before
        }
        book = await bank.book()
    assert book["accounts"] == {POOL: 999_800_000, "7744510026": 700}
    assert book["times"] == {"fp_done": 1, "fp_open": 1}
