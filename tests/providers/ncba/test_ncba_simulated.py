"""Our client against the simulated bank on real sockets; the bank's book is the witness."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from models.banking import BankTransfer, FloatPurchase, Side, reference_in
from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.contract import Ambiguous
from providers.ncba.callbacks import read_callback
from providers.ncba.client import NcbaClient
from providers.ncba.keys import NcbaKeys, NoticeKeys
from providers.ncba.notices import Distrust, Heard, hear_json, hear_xml
from simulators.settings import Settings
from tests.models.test_banking import PATTERN
from tests.simulators.bank_peer import POOL, Bank
from tests.simulators.peers import SHORT_CODE, World, a_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

P, S, R, U = Verdict.PENDING, Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN
NOTICE = NoticeKeys(
    user="sim-notice-user", password="sim-notice-password", secret="sim-notice-secret"
)
#: The bank dates its lines in Nairobi, where the day may end while this runs.
TODAY = datetime.now(UTC).astimezone(ZoneInfo("Africa/Nairobi")).date()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with a_world(Settings(speed=0.05)) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def bank(world: World) -> Bank:
    await world.order("ncba/reset")
    return Bank(world)


@pytest_asyncio.fixture(loop_scope="module")
async def client(world: World) -> AsyncIterator[NcbaClient]:
    keys = NcbaKeys(
        base_url=f"{world.base}/ncba/test/apigateway",
        user_id="sim-bank-user",
        password="sim-bank-password",
        subscription_key="sim-bank-key",
    )
    async with aclosing(NcbaClient(keys)) as opened:
        yield opened


ABOUT_TODAY = (TODAY - timedelta(days=1), TODAY + timedelta(days=1))

PURCHASE = FloatPurchase(
    reference="fp_1",
    amount=Money(100_000, "KES"),
    short_code=SHORT_CODE,
    account=POOL,
    organisation="Acme Ltd",
    phone="254712000001",
    on=TODAY,
)


async def bought(client: NcbaClient) -> Reading | None:
    """What the purchase says; None when it left and nothing readable came back."""
    try:
        return await client.buy_float(PURCHASE)
    except Ambiguous:
        return None


@pytest.mark.parametrize(
    ("fault", "said", "debited"),
    [
        ("paid", (P, False), True),
        ("no_callback", (P, False), True),
        ("lost_answer", (None, False), True),
        ("debited_in_silence", (None, False), True),
        ("reset_mid_body", (None, False), True),
        ("slow_drip", (P, False), True),
        ("error_after_accept", (U, False), True),
        ("malformed_json", (U, False), True),
        ("html_error_page", (U, False), True),
        ("wrong_content_type", (P, False), True),
        ("not_received", (None, False), False),
        ("server_error_storm", (U, False), False),
        ("rate_limited", (R, True), False),
        ("firewall", (R, True), False),
        ("bank_refuses", (R, False), False),
        ("token_expired", (P, False), True),
    ],
)
async def test_what_we_read_is_never_more_than_the_book_shows(
    bank: Bank,
    client: NcbaClient,
    fault: str,
    said: tuple[Verdict | None, bool],
    debited: bool,
) -> None:
    await bank.order("faults", fault=fault, operation="float")
    reading = await bought(client)
    assert (reading.verdict if reading else None, bool(reading and reading.retryable)) == said
    statement = await client.statement(POOL, *ABOUT_TODAY)
    seen = statement.witnesses(reference="fp_1", side=Side.DEBIT, amount=PURCHASE.amount)
    assert statement.whole
    assert len(seen) == int(debited)


async def test_a_statement_that_lags_is_whole_and_still_wrong(
    bank: Bank, client: NcbaClient
) -> None:
    await client.buy_float(PURCHASE)
    await bank.order("faults", fault="stale_status", operation="statement")
    early = await client.statement(POOL, *ABOUT_TODAY)
    late = await client.statement(POOL, *ABOUT_TODAY)
    assert (early.whole, len(early.lines), len(late.lines)) == (True, 0, 1)


async def test_every_shape_of_token_opens_the_door(bank: Bank, client: NcbaClient) -> None:
    for shape in ("accessToken", "tokenID", "access_token", "token"):
        await bank.order("settings", token_named=shape)
        assert (await client.authenticate()).reason is None
        reading = await client.balance(POOL)
        assert reading.amount == Money(1_000_000_000, "KES")


async def test_a_transfer_moves_between_accounts(bank: Bank, client: NcbaClient) -> None:
    await bank.order("accounts", account="7744510026")
    order = BankTransfer(
        reference="tr_1",
        amount=Money(150_050, "KES"),
        account=POOL,
        to_account="7744510026",
        to_name="Kauri Pool",
        narration="pool",
    )
    assert (await client.transfer(order)).verdict is S
    assert (await client.balance("7744510026")).amount == Money(150_050, "KES")
    refused = await client.transfer(replace(order, to_account="7744510099"))
    assert (refused.verdict, refused.provider_code) == (R, "114")


async def test_a_refused_repeat_is_unknown_and_a_duplicate(bank: Bank, client: NcbaClient) -> None:
    await bank.order("settings", refuses_repeats=True)
    await client.buy_float(PURCHASE)
    reading = await client.buy_float(PURCHASE)
    assert (reading.verdict, reading.reason) == (U, Reason.DUPLICATE)


async def test_a_short_code_is_named(bank: Bank, client: NcbaClient) -> None:
    found = await client.validate_short_code(SHORT_CODE)
    assert found.name


@pytest.mark.parametrize(
    ("fault", "verdicts"),
    [("paid", [S]), ("declined", [R]), ("contradictory_callback", [R, S]),
     ("out_of_order_callback", [S, P])],
)  # fmt: skip
async def test_callbacks_are_read_as_the_bank_meant_them(
    bank: Bank, client: NcbaClient, fault: str, verdicts: list[Verdict]
) -> None:
    await bank.registered(callback_url=f"/in/kb1/{fault}")
    await bank.order("faults", fault=fault, operation="float")
    await client.buy_float(PURCHASE)
    heard = await bank.world.listener.hear(f"/in/kb1/{fault}", len(verdicts))
    read = [read_callback(one.raw) for one in heard]
    assert [one.verdict for one in read] == verdicts
    assert {one.our_reference for one in read} == {"fp_1"}


async def heard(bank: Bank, path: str, **order: object) -> Heard:
    """The notice of a credit, as we hear it."""
    url = bank.world.listener_url + path
    told = {"account": POOL, "amount_minor": 150_000, "narrative": "tu12345678", "url": url}
    await bank.order("credit", **{**told, **order})
    (sent, *_) = await bank.world.listener.hear(path)
    hear = hear_xml if order.get("form", "xml") == "xml" else hear_json
    return hear(sent.raw, NOTICE)


@pytest.mark.parametrize("form", ["xml", "json"])
async def test_a_credit_is_heard_in_both_forms_and_finds_its_reference(
    bank: Bank, form: str
) -> None:
    told = await heard(bank, f"/notice/{form}", form=form)
    assert told.notice is not None
    assert told.notice.amount == Money(150_000, "KES")
    assert reference_in(told.notice, PATTERN) == "TU12345678"


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("how", ["wrong", "raw"])
async def test_a_credit_with_a_wrong_hash_is_not_believed(bank: Bank, form: str, how: str) -> None:
    told = await heard(bank, f"/notice/{form}/{how}", form=form, hash=how)
    assert (told.notice, told.distrust) == (None, Distrust.HASH)


async def test_a_debit_is_heard_as_one(bank: Bank, client: NcbaClient) -> None:
    await bank.registered(xml_url="/notice/debit")
    await client.buy_float(PURCHASE)
    (sent, *_) = await bank.world.listener.hear("/notice/debit")
    told = hear_xml(sent.raw, NOTICE)
    assert told.notice is not None
    assert told.notice.amount == Money(-100_000, "KES")
