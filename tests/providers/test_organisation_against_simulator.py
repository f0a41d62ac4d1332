"""Our organisation against simulated Daraja on real sockets; its money book is the witness."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from models.ids import INSTRUCTION, mint, originator_reference
from models.money import Money
from models.payout import Payout, Reversal, Transfer, TransferKind
from models.reading import Reading, Reason, Verdict
from providers.contract import Ambiguous
from providers.mpesa import c2b, details, results
from providers.mpesa.c2b import Unanswered
from providers.mpesa.organisation import MpesaOrganisation, OrganisationKeys
from simulators.settings import Settings
from tests.simulators.peers import World, a_world
from tests.simulators.short_code import CODE, PASSWORD, a_short_code, certificate

pytestmark = pytest.mark.asyncio(loop_scope="module")

P, S, R, U = Verdict.PENDING, Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN
# Last digits of the payee's number (docs/simulators.md), what the call says (None: nothing
# readable came back), what the result says (None: none comes), what asking says.
PAYOUTS = [
    ("00", P, S, S), ("03", P, R, R), ("04", P, R, R), ("07", P, R, R), ("08", P, R, R),
    ("54", P, U, R), ("55", P, U, R), ("06", P, U, R), ("10", P, None, S), ("13", P, S, S),
    ("20", None, S, S), ("23", None, S, S), ("24", P, S, S), ("26", U, S, S), ("29", P, S, S),
    ("30", U, S, S), ("31", U, S, S), ("32", P, S, S), ("51", P, S, S), ("52", P, S, S),
    ("53", P, S, S), ("21", None, None, U), ("27", R, None, U), ("28", R, None, U),
    ("33", R, None, U),
]  # fmt: skip
RETRYABLE = {"27", "28"}


@dataclass(frozen=True, slots=True)
class Partner:
    """One short code with our client in front of it."""

    world: World
    client: MpesaOrganisation
    urls: dict[str, str]

    def payout(self, digits: str, **changes: Any) -> Payout:
        instruction = mint(INSTRUCTION)
        known = {
            "instruction_id": instruction,
            "reference": originator_reference(instruction),
            "amount": Money(100_000, "KES"),
            "payee": f"2547000000{digits}",
            "purpose": "Loan",
            "result_url": f"{self.world.listener_url}/in/ke2/{instruction}",
            "timeout_url": f"{self.world.listener_url}/in/ke3/{instruction}",
        }
        return Payout(**{**known, **changes})

    async def heard(self, payout: Payout) -> bytes:
        """The result of a payout."""
        return (await self.world.listener.hear(f"/in/ke2/{payout.instruction_id}"))[-1].raw

    async def answered(self) -> bytes:
        """The next answer to a question."""
        path = "/in/answer"
        raw = (await self.world.listener.hear(path))[-1].raw
        self.world.listener.heard.clear()
        return raw

    async def book(self) -> dict[str, Any]:
        """The short code in the money book."""
        shown: dict[str, Any] = (await self.world.book("daraja"))["organisations"][CODE]
        return shown

    async def paid(self, payout: Payout) -> int:
        """What left the short code for this payout, in cents."""
        lines = (await self.book())["movements"]
        mine = [line for line in lines if line["reference"] == payout.reference]
        return -sum(int(line["amount_minor"]) for line in mine if line["kind"] == "payout")

    async def asked_until(self, payout: Payout, wanted: Verdict) -> Verdict | None:
        """Asks until the answer is `wanted`, half a minute at most; gives the last word."""
        said: Verdict | None = None
        try:
            async with asyncio.timeout(30):
                while said is not wanted:
                    asked = await self.client.ask(reference=payout.reference, **self.urls)
                    assert asked.verdict in {P, U}
                    said = results.read_status(await self.answered()).verdict
        except TimeoutError:
            return said
        return said


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    """Simulators twenty times faster than by default."""
    async with a_world(Settings(speed=0.05)) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def partner(world: World) -> AsyncIterator[Partner]:
    await world.order("daraja/reset")
    world.listener.heard.clear()
    await a_short_code(world, working_minor=500_000)
    keys = OrganisationKeys(
        base_url=f"{world.base}/daraja",
        short_code=CODE,
        initiator="partner-api",
        certificate_pem=await certificate(world),
        consumer_key=f"key-{CODE}",
        consumer_secret=f"secret-{CODE}",
        initiator_password=PASSWORD,
    )
    urls = {
        "result_url": f"{world.listener_url}/in/answer",
        "timeout_url": f"{world.listener_url}/in/late",
    }
    async with aclosing(MpesaOrganisation(keys)) as client:
        yield Partner(world, client, urls)


async def sent(partner: Partner, payout: Payout) -> Reading | None:
    """What the call says; None when it left and nothing readable came back."""
    try:
        return await partner.client.pay(payout)
    except Ambiguous:
        return None


@pytest.mark.parametrize(("digits", "first", "told", "asked"), PAYOUTS)
async def test_what_we_read_is_what_the_money_book_says(
    partner: Partner,
    digits: str,
    first: Verdict | None,
    told: Verdict | None,
    asked: Verdict,
) -> None:
    payout = partner.payout(digits)
    said = await sent(partner, payout)
    assert (said.verdict if said else None) is first
    assert bool(said and said.retryable) is (digits in RETRYABLE)
    if told:
        result = results.read_payout(await partner.heard(payout))
        assert (result.verdict, result.our_reference) == (told, payout.reference)
    assert await partner.asked_until(payout, asked) is asked
    assert await partner.paid(payout) == (100_000 if asked is S else 0)


async def test_the_same_payout_sent_twice_is_a_duplicate_and_pays_once(partner: Partner) -> None:
    payout = partner.payout("20")
    assert await sent(partner, payout) is None
    again = await partner.client.pay(payout)
    await partner.heard(payout)
    assert (again.verdict, again.reason) == (U, Reason.DUPLICATE)
    assert await partner.paid(payout) == 100_000


async def test_a_call_refused_before_acting_is_sent_again_under_the_same_reference(
    partner: Partner,
) -> None:
    payout = partner.payout("27")
    first, second = await partner.client.pay(payout), await partner.client.pay(payout)
    await partner.heard(payout)
    assert (first.verdict, first.retryable, second.verdict) == (R, True, P)
    assert await partner.paid(payout) == 100_000


async def test_the_queues_timeout_says_nothing_and_the_result_follows(partner: Partner) -> None:
    payout = partner.payout("50")
    await partner.client.pay(payout)
    (late,) = await partner.world.listener.hear(f"/in/ke3/{payout.instruction_id}")
    reading = results.read_payout(late.raw)
    assert (reading.verdict, reading.reason) == (U, Reason.NO_ANSWER)
    assert reading.our_reference == payout.reference
    assert results.read_payout(await partner.heard(payout)).verdict is S


async def test_questions_that_say_pending_end_with_the_truth(partner: Partner) -> None:
    payout = partner.payout("42")
    await partner.client.pay(payout)
    await partner.heard(payout)
    said = []
    for _ in range(4):
        await partner.client.ask(reference=payout.reference, **partner.urls)
        said.append(results.read_status(await partner.answered()).verdict)
    assert said == [P, P, P, S]


async def test_the_details_of_a_payout_are_those_of_the_book(partner: Partner) -> None:
    payout = partner.payout("00")
    await partner.client.pay(payout)
    told = details.read_payout_details(await partner.heard(payout))
    line = (await partner.book())["movements"][0]
    await partner.client.ask(receipt=told.receipt, **partner.urls)
    asked = details.read_status_details(await partner.answered())
    assert told.receipt == line["receipt"] == asked.receipt
    assert told.completed_at is not None
    assert told.completed_at == asked.completed_at
    assert (told.receiver, asked.our_reference) == ("SIM CUSTOMER 0000", payout.reference)
    assert (told.utility, told.charges) == (Money(900_000, "KES"), Money(-500, "KES"))


async def test_float_moves_and_the_balances_show_it(partner: Partner) -> None:
    instruction = mint(INSTRUCTION)
    transfer = Transfer(
        instruction_id=instruction,
        reference=originator_reference(instruction),
        amount=Money(200_000, "KES"),
        kind=TransferKind.TO_PAYOUTS,
        to_short_code=CODE,
        purpose="Float",
        **partner.urls,
    )
    assert (await partner.client.transfer(transfer)).verdict is P
    raw = await partner.answered()
    assert (await partner.client.balance(**partner.urls)).reason is None
    held = {one.account: one.available for one in details.read_balances(await partner.answered())}
    assert results.read_payout(raw).verdict is S
    assert details.read_transfer_details(raw).amount == Money(200_000, "KES")
    assert held["Working Account"] == Money(300_000, "KES")
    assert held["Utility Account"] == Money(1_200_000, "KES")


async def test_a_payment_by_the_menu_is_read_sent_back_and_seen_as_reversed(
    partner: Partner,
) -> None:
    registered = await partner.client.register_urls(
        confirmation_url=f"{partner.world.listener_url}/in/confirmed",
        validation_url=f"{partner.world.listener_url}/in/validate",
        unanswered=Unanswered.COMPLETED,
    )
    order = {"short_code": CODE, "amount_minor": 15_000, "bill_ref": "LN42"}
    await partner.world.order("daraja/paybill", **order)
    (heard,) = await partner.world.listener.hear("/in/confirmed")
    payment = c2b.read_paybill(heard.raw)
    assert payment is not None
    await partner.client.ask(receipt=payment.receipt, **partner.urls)
    answer = await partner.answered()
    there = results.read_status(answer)
    assert (there.verdict, there.amount, there.receipt) == (S, payment.amount, payment.receipt)
    assert details.read_credited(answer) == CODE
    reversal = Reversal(
        instruction_id=mint(INSTRUCTION),
        receipt=payment.receipt,
        amount=payment.amount,
        purpose="Wrong account",
        **partner.urls,
    )
    await partner.client.reverse(reversal)
    back = results.read_reversal(await partner.answered())
    await partner.client.ask(receipt=payment.receipt, **partner.urls)
    asked = results.read_status(await partner.answered())
    assert registered.reason is None
    assert (payment.bill_reference, payment.amount) == ("LN42", Money(15_000, "KES"))
    assert payment.paid_at is not None
    assert (back.verdict, asked.reason) == (S, Reason.REVERSED)
    assert (await partner.book())["balances"]["working"] == 500_000


async def test_keys_that_are_wrong_are_told_before_the_initiator_is_tried(
    partner: Partner, world: World
) -> None:
    keys = OrganisationKeys(
        base_url=f"{world.base}/daraja",
        short_code=CODE,
        initiator="partner-api",
        certificate_pem=await certificate(world),
        consumer_key=f"key-{CODE}",
        consumer_secret="wrong",
        initiator_password="wrong",
    )
    async with aclosing(MpesaOrganisation(keys)) as client:
        assert (await client.authenticate()).reason is Reason.CREDENTIALS
        assert (await client.balance(**partner.urls)).reason is Reason.CREDENTIALS
    assert (await partner.client.authenticate()).reason is None
    assert not (await partner.book())["initiator_locked"]
