"""Float on a real database: looked for where it may show, and remembered."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activities.float_watching import FloatWatching
from activities.otps import Otps
from ledger import wallets
from models import ids
from models.banking import Side
from models.float_calls import FloatLook, StatementLook
from models.float_order import FLOAT, TRANSFER, FloatFacts
from models.float_proof import Balances
from models.lifecycle import AttemptState
from models.money import Money
from models.otp import OtpStanding
from models.reading import ProviderReport, Source, Verdict
from tests.activities.float_rows_world import (
    AMOUNT,
    POOL,
    SHORT_CODE,
    TOTAL,
    FloatBuyer,
    ShortCodes,
    StatedBank,
    line,
    run,
)


@pytest.fixture
def short_codes() -> ShortCodes:
    """Answers."""
    return ShortCodes()


@pytest.fixture
def watch(buyer: FloatBuyer, bank: StatedBank, short_codes: ShortCodes) -> FloatWatching:
    """Looks at all three."""
    return FloatWatching(
        bank=bank,
        partners=short_codes,
        address=lambda owner, slug: f"https://kauri.test/{slug}/{owner}",
        database=buyer.database,
        wallet=wallets.wallet,
    )


async def purchasing(buyer: FloatBuyer) -> FloatLook:
    """Float was ordered; where to look for it."""
    await buyer.held()
    await buyer.step("held", "purchasing")
    intent = await buyer.sent()
    money = StatementLook(
        saga=buyer.ref,
        instruction_id=intent.instruction_id,
        our_reference=intent.our_reference,
        account=POOL.account,
        amount=AMOUNT,
    )
    return FloatLook(money=money, short_code=SHORT_CODE)


def with_balances(look: FloatLook, utility: int, **changes: Any) -> FloatLook:
    at = datetime.now(UTC) - timedelta(minutes=5)
    before = Balances(utility=Money(1_000_000, "KES"), working=Money(0, "KES"), at=at)
    now = Balances(utility=Money(utility, "KES"), working=Money(0, "KES"), at=datetime.now(UTC))
    return FloatLook(
        money=look.money, short_code=look.short_code, before=before, now=now, **changes
    )


async def test_the_statement_is_searched_on_the_days_float_may_take(
    buyer: FloatBuyer, bank: StatedBank, watch: FloatWatching
) -> None:
    look = await purchasing(buyer)
    buyer.read("update instructions set created_at = created_at - interval '10 days'"
               " where saga_id = %s", ids.parsed("fp", buyer.ref.id))  # fmt: skip
    await run(watch.look, look)
    ((account, first, last),) = bank.asked
    assert (account, (last - first).days) == (POOL.account, 3)


async def test_a_debit_under_our_reference_is_a_witness(
    buyer: FloatBuyer, bank: StatedBank, watch: FloatWatching
) -> None:
    look = await purchasing(buyer)
    bank.lines = [line(look.money.our_reference)]
    report: ProviderReport = await run(watch.look, look)
    assert (report.source, report.verdict) == (Source.STATEMENT, Verdict.SETTLED)
    assert report.reading.receipt == "FT9"


@pytest.mark.parametrize("refused", [True, False])
async def test_a_debit_that_came_back_is_a_refusal(
    buyer: FloatBuyer, bank: StatedBank, watch: FloatWatching, refused: bool
) -> None:
    look = await purchasing(buyer)
    reference = look.money.our_reference
    bank.lines = [line(reference), line(reference, Side.CREDIT)]
    told = FloatLook(money=look.money, short_code=SHORT_CODE, refused=refused)
    report: ProviderReport = await run(watch.look, told)
    assert (report.source, report.verdict) == (Source.STATEMENT, Verdict.REFUSED)


@pytest.mark.parametrize(
    ("refused", "whole", "verdict"),
    [
        (False, True, Verdict.PENDING),
        (True, False, Verdict.PENDING),
        (True, True, Verdict.REFUSED),
    ],
)
async def test_absence_is_believed_only_of_a_whole_statement_after_a_refusal(
    buyer: FloatBuyer,
    bank: StatedBank,
    watch: FloatWatching,
    *,
    refused: bool,
    whole: bool,
    verdict: Verdict,
) -> None:
    look, bank.whole = await purchasing(buyer), whole
    told = FloatLook(money=look.money, short_code=SHORT_CODE, refused=refused)
    report: ProviderReport = await run(watch.look, told)
    assert report.verdict is verdict


async def test_the_balance_is_a_witness_of_its_own_kind(
    buyer: FloatBuyer, watch: FloatWatching
) -> None:
    look = with_balances(await purchasing(buyer), 6_000_000)
    report: ProviderReport = await run(watch.look, look)
    assert (report.source, report.verdict) == (Source.QUERY, Verdict.SETTLED)
    assert report.reading.provider_code == "utility"


def paying(buyer: FloatBuyer, state: str, sent: str, heard: str, minor: int = 600_000) -> None:
    """A loan is paid; when it was sent and last heard of, as seen from the newest balances."""
    buyer.read(
        "insert into instructions (id, org_id, livemode, saga_id, number, rail, state,"
        " our_reference, amount, currency, created_at, updated_at) values (%s, %s, false, %s,"
        " 1, 'mpesa_b2c', %s, %s, %s, 'KES', now() + %s::interval, now() + %s::interval)",
        ids.uuid7(), buyer.org, ids.parsed("fp", buyer.ref.id), state, ids.mint("ref"), minor,
        sent, heard,
    )  # fmt: skip


async def test_loans_paid_since_are_taken_into_account(
    buyer: FloatBuyer, watch: FloatWatching
) -> None:
    look = with_balances(await purchasing(buyer), 5_400_000)
    assert (await run(watch.look, look)).verdict is Verdict.PENDING
    paying(buyer, "succeeded", "-2 minutes", "-1 minute")
    assert (await run(watch.look, look)).verdict is Verdict.SETTLED
    look = with_balances(look, 6_000_000)
    assert (await run(watch.look, look)).verdict is Verdict.PENDING


@pytest.mark.parametrize("utility", [5_400_000, 6_000_000], ids=["after", "before"])
@pytest.mark.parametrize(
    ("state", "sent", "heard"),
    [
        ("succeeded", "-6 minutes", "-4 minutes"),
        ("succeeded", "-3 hours", "-4 minutes"),
        ("succeeded", "-4 minutes", "1 second"),
        ("accepted", "-2 minutes", "-2 minutes"),
        ("unknown", "-6 minutes", "-6 minutes"),
    ],
)
async def test_a_payout_under_way_at_a_measuring_may_have_left_on_either_side_of_it(
    buyer: FloatBuyer, watch: FloatWatching, *, utility: int, state: str, sent: str, heard: str
) -> None:
    look = with_balances(await purchasing(buyer), utility)
    paying(buyer, state, sent, heard)
    assert (await run(watch.look, look)).verdict is Verdict.SETTLED


@pytest.mark.parametrize(
    ("state", "sent", "heard"),
    [
        ("succeeded", "-9 minutes", "-8 minutes"),
        ("failed", "-4 minutes", "-1 minute"),
        ("needs_review", "-3 days", "-2 days"),
        ("succeeded", "1 minute", "2 minutes"),
    ],
    ids=["paid before", "not paid", "long ago", "paid after"],
)
async def test_a_payout_that_left_at_another_time_explains_nothing(
    buyer: FloatBuyer, watch: FloatWatching, state: str, sent: str, heard: str
) -> None:
    look = with_balances(await purchasing(buyer), 5_400_000)
    paying(buyer, state, sent, heard)
    assert (await run(watch.look, look)).verdict is Verdict.PENDING


async def test_a_payout_of_the_same_amount_that_left_before_the_measuring_proves_no_float(
    buyer: FloatBuyer, watch: FloatWatching
) -> None:
    look = with_balances(await purchasing(buyer), 1_000_000)
    paying(buyer, "succeeded", "-6 minutes", "-4 minutes", minor=AMOUNT.minor)
    assert (await run(watch.look, look)).verdict is Verdict.PENDING


async def test_a_look_asks_for_newer_balances_until_one_shows_it(
    buyer: FloatBuyer, watch: FloatWatching, short_codes: ShortCodes
) -> None:
    look = await purchasing(buyer)
    await run(watch.look, with_balances(look, 1_000_000))
    assert short_codes.questions == [f"https://kauri.test/ke5/{buyer.ref.id}"]
    await run(watch.look, with_balances(look, 6_000_000))
    await run(watch.look, with_balances(look, 6_000_000, seen=("query",)))
    assert len(short_codes.questions) == 1


async def test_a_short_code_that_does_not_answer_keeps_no_purchase_waiting(
    buyer: FloatBuyer, watch: FloatWatching, short_codes: ShortCodes
) -> None:
    short_codes.away = True
    assert await run(watch.measure, buyer.ref) is False
    look = with_balances(await purchasing(buyer), 1_000_000)
    assert (await run(watch.look, look)).verdict is Verdict.PENDING


async def test_rows_remember_what_a_fresh_run_would_not_know(
    buyer: FloatBuyer, watch: FloatWatching
) -> None:
    await buyer.held()
    transfer = await buyer.sent(TRANSFER, believes="held", sending="transferring")
    await buyer.ended(transfer, AttemptState.SUCCEEDED, "transferring", "purchasing")
    at = datetime.now(UTC).isoformat()
    shows = {"utility_before": 7, "working_before": 0, "measured_at": at}
    await buyer.step("purchasing", shows=shows)
    intent = await buyer.sent()
    await buyer.ended(intent, AttemptState.ACCEPTED, "purchasing", "purchasing")
    facts: FloatFacts = await run(watch.facts, buyer.ref)
    assert (facts.transferred, facts.number(FLOAT), facts.open(FLOAT)) == (True, 1, True)
    assert facts.before is not None
    assert (facts.before.utility, facts.proven) == (Money(7, "KES"), ("statement",))
    assert facts.available == Money(10_000_000 - TOTAL, "KES")


async def test_after_a_refusal_the_next_order_has_the_next_number_and_no_witness(
    buyer: FloatBuyer, watch: FloatWatching
) -> None:
    await buyer.held()
    await buyer.step("held", "purchasing")
    intent = await buyer.sent()
    await buyer.ended(intent, AttemptState.FAILED, "purchasing", "float_refused")
    facts: FloatFacts = await run(watch.facts, buyer.ref)
    assert (facts.number(FLOAT), facts.open(FLOAT), facts.proven) == (2, False, ())


@pytest.mark.parametrize(
    ("columns", "stands"),
    [
        ("now() + interval '1 minute', null, null", OtpStanding.LIVE),
        ("now() - interval '1 second', null, null", OtpStanding.OVER),
        ("now() - interval '1 second', now(), null", OtpStanding.SPENT),
        ("now() + interval '1 minute', null, now()", OtpStanding.OVER),
    ],
)
async def test_a_code_stands_as_its_row_says(
    buyer: FloatBuyer, columns: str, stands: OtpStanding
) -> None:
    buyer.read(
        "insert into otps (id, org_id, livemode, saga_id, number, digest, expires_at, spent_at,"
        f" voided_at) values (%s, %s, false, %s, 1, '', {columns})",
        ids.uuid7(), buyer.org, ids.parsed("fp", buyer.ref.id),
    )  # fmt: skip
    assert (await run(Otps(buyer.database).run_out, buyer.ref)).standing is stands
    ((voided,),) = buyer.read("select voided_at is not null from otps where org_id = %s", buyer.org)
    assert voided is (stands is OtpStanding.OVER)
