"""A pay bill over the API: asked before the money moves, told after it, rung for, decided."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from models import ids
from models.collection_order import WORKFLOW
from models.credentials import CredentialKind
from models.lending import Loan
from models.reading import Reading, Reason
from providers.contract import Unreachable
from runtime.partners import Known
from tests.api.pay_bill import SAYS, PayBill, a_pay_bill

#: Seconds, as nobody's defaults have them.
PATIENCE = 3_600.0


@pytest.fixture
async def bill(world: Any) -> PayBill:
    return await a_pay_bill(world)


async def test_without_rules_every_payment_is_welcome(bill: PayBill) -> None:
    told = await bill.asks(BillRefNumber="nobody")
    assert told["ResultCode"] == "0"
    assert told["ThirdPartyTransID"].startswith("evd_")


async def test_rules_turn_away_what_has_no_account_or_too_much_money(bill: PayBill) -> None:
    rules = {"reject_unmatched": True, "minimum": 10_000, "maximum": 60_000}
    answer = await bill.http.put("/v1/collections/rules", json=rules)
    assert answer.json()["reject_unmatched"] is True
    said = [
        (await bill.asks(BillRefNumber="12"))["ResultCode"],
        (await bill.asks(BillRefNumber="99"))["ResultCode"],
        (await bill.asks(TransAmount="50"))["ResultCode"],
        (await bill.asks(TransAmount="601.00"))["ResultCode"],
    ]
    assert said == ["0", "C2B00012", "C2B00013", "C2B00013"]


async def test_confirmations_are_asked_about_until_the_partner_says_no(bill: PayBill) -> None:
    said = [(await bill.http.get("/v1/collections/rules")).json()["confirm"]]
    for rules in ({"confirm": "none"}, {}):
        answer = await bill.http.put("/v1/collections/rules", json=rules)
        said.append(answer.json()["confirm"])
    wrong = await bill.http.put("/v1/collections/rules", json={"confirm": "perhaps"})
    assert (said, wrong.status_code) == (["query", "none", "query"], 400)


async def test_silent_and_slow_books_turn_nobody_away(
    bill: PayBill, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bill.http.put("/v1/collections/rules", json={"reject_unmatched": True})
    bill.books.silent = True
    assert (await bill.asks(BillRefNumber="99"))["ResultCode"] == "0"
    bill.books.silent = False

    async def slow(loan_id: int) -> Loan | None:
        await asyncio.sleep(60)
        return bill.books.loans.get(loan_id)

    bill.books.loan = slow  # type: ignore[method-assign] # one question that hangs
    monkeypatch.setattr("api.routes.pay_bill_validation.PATIENCE", 0.05)
    assert (await bill.asks(TransID="RKL51ZDR5F"))["ResultCode"] == "0"


async def test_a_validation_needs_the_address_only_we_can_make(bill: PayBill) -> None:
    forged = bill.path("ke7")[:-1] + ("0" if bill.path("ke7")[-1] != "0" else "1")
    answer = await bill.world.http.post(forged, json=SAYS)
    assert answer.status_code == 401
    kept = "select 1 from inbox where slug = 'ke7' and org_id = %s"
    assert bill.world.sql(kept, bill.partner.org) == []


async def test_a_confirmation_begins_one_collection_however_often_it_is_told(
    bill: PayBill,
) -> None:
    first = await bill.tells(OrgAccountBalance="900.00")
    again = await bill.tells(OrgAccountBalance="901.00")
    assert (first, again) == ("accepted", "known")
    [(state, claim, shown)] = bill.collections()
    assert (state, claim) == ("received", f"{bill.code}/RKL51ZDR4F")
    assert (shown["receipt"], shown["written"]) == ("RKL51ZDR4F", "12")


async def test_the_confirmation_finds_its_validation_after_a_restart(bill: PayBill) -> None:
    asked = await bill.asks()
    await bill.tells(ThirdPartyTransID=asked["ThirdPartyTransID"])
    made_up = ids.mint(ids.EVIDENCE)
    await bill.tells(TransID="RKL51ZDR6F", ThirdPartyTransID=made_up)
    assert [shown["validated"] for _, _, shown in bill.collections()] == [True, False]


async def test_a_phone_typed_as_account_is_shown_by_its_end_only(bill: PayBill) -> None:
    await bill.tells(BillRefNumber="0712 000 001")
    [(_, _, shown)] = bill.collections()
    assert shown["written"] == "phone …001"
    assert "712000001" not in json.dumps(shown).replace(" ", "")


async def test_a_phone_rings_on_the_terms_m_pesa_is_configured_with(bill: PayBill) -> None:
    mpesa = bill.world.parts.providers["mpesa"]
    asked = replace(mpesa, terms=replace(mpesa.terms, horizon=PATIENCE))
    bill.world.app.state.parts = replace(bill.world.parts, providers={"mpesa": asked})
    await ring(bill)
    await bill.world.dispatcher.drain()
    assert bill.world.dispatcher.started[-1].order.prompt_terms.horizon == PATIENCE


async def test_money_we_rang_for_is_told_to_its_own_collection(bill: PayBill) -> None:
    rung = await ring(bill)
    assert rung.status_code == 201
    saga = ids.parsed(ids.COLLECTION, rung.json()["id"])
    named = ids.instruction_id(rung.json()["id"], "mpesa_stk", 1)
    reference = ids.account_reference(named)
    bill.world.sql(
        "insert into instructions (id, org_id, livemode, saga_id, number, rail, state,"
        " our_reference) values (%s, %s, false, %s, 1, 'mpesa_stk', 'accepted', %s)",
        *[ids.parsed(ids.INSTRUCTION, named), bill.partner.org, saga, reference],
    )
    assert await bill.tells(BillRefNumber=reference) == "evidence"
    waiting = bill.world.sql(
        "select workflow_id from inbox where kind = 'result' and org_id = %s", bill.partner.org
    )
    assert waiting == [(rung.json()["id"],)]
    assert len(bill.collections()) == 1


async def test_money_for_a_prompt_that_failed_is_a_payment_of_its_own(bill: PayBill) -> None:
    rung = await ring(bill)
    named = ids.instruction_id(rung.json()["id"], "mpesa_stk", 1)
    reference = ids.account_reference(named)
    bill.world.sql(
        "insert into instructions (id, org_id, livemode, saga_id, number, rail, state,"
        " our_reference) select %s, org_id, livemode, id, 1, 'mpesa_stk', 'failed', %s"
        " from sagas where org_id = %s",
        *[ids.parsed(ids.INSTRUCTION, named), reference, bill.partner.org],
    )
    bill.world.sql("update sagas set state = 'failed' where org_id = %s", bill.partner.org)
    assert await bill.tells(BillRefNumber=reference) == "accepted"
    assert [state for state, _, _ in bill.collections()] == ["failed", "received"]


async def test_ringing_needs_a_short_code_and_whole_shillings(bill: PayBill) -> None:
    body = {"amount": 150_000, "phone": "+254712000001", "account": "12"}
    headers = {"idempotency-key": "k-1"}
    none = await bill.http.post("/v1/collections/stk", json=body, headers=headers)
    assert (none.status_code, none.json()["code"]) == (409, "no_valid_credential")
    broken = await ring(bill, amount=150_050)
    abroad = await ring(bill, phone="+237670000007")
    assert (broken.status_code, abroad.status_code) == (400, 400)
    assert bill.collections() == []


async def test_a_request_to_ring_is_done_once_and_its_phone_shown_nowhere(bill: PayBill) -> None:
    first, again = await ring(bill, key="same"), await ring(bill, key="same")
    assert first.json() == again.json()
    await bill.world.dispatcher.drain()
    started = [one.workflow_id for one in bill.world.dispatcher.started if one.kind == WORKFLOW]
    assert started == [first.json()["id"]]
    assert "712000001" not in first.text
    listed = await bill.http.get("/v1/collections?status=requested")
    assert [one["id"] for one in listed.json()["data"]] == [first.json()["id"]]


async def test_registering_tells_daraja_both_addresses_and_may_be_repeated(bill: PayBill) -> None:
    daraja = Registers()
    in_use(bill, CredentialKind.MPESA_C2B)
    bill.world.parts.partners.short_code = daraja
    first = await bill.http.post("/v1/collections/register")
    daraja.says = Reading(verdict=None, reason=Reason.DUPLICATE)
    again = await bill.http.post("/v1/collections/register")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["registered_at"] == first.json()["registered_at"] is not None
    assert daraja.told[0]["validation_url"].endswith(bill.path("ke7"))
    assert daraja.told[0]["confirmation_url"].endswith(bill.path("ke8"))


async def test_a_registration_daraja_refuses_is_not_remembered(bill: PayBill) -> None:
    daraja = Registers(Reading(verdict=None, reason=Reason.CONFIGURATION))
    in_use(bill, CredentialKind.MPESA_C2B)
    bill.world.parts.partners.short_code = daraja
    refused = await bill.http.post("/v1/collections/register")
    daraja.says = Unreachable("away")
    silent = await bill.http.post("/v1/collections/register")
    codes = [one.json()["code"] for one in (refused, silent)]
    assert codes == ["partner_system_refuses", "partner_system_silent"]
    rules = await bill.http.get("/v1/collections/rules")
    assert rules.json()["registered_at"] is None


class Registers:
    """Daraja, as far as addresses go."""

    def __init__(self, says: Reading | Exception = Reading(verdict=None)) -> None:  # noqa: B008 - frozen
        self.says = says
        self.told: list[dict[str, Any]] = []

    async def register_urls(self, **told: Any) -> Reading:
        self.told.append(told)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


def in_use(bill: PayBill, kind: CredentialKind) -> None:
    credential = ids.shown(ids.CREDENTIAL, bill.credential)
    known = Known(id=credential, short_code="600100", shown={}, password_set_at=None)
    bill.world.parts.partners.in_use[kind] = known


async def ring(bill: PayBill, *, key: str = "", **changes: Any) -> Any:
    in_use(bill, CredentialKind.MPESA_STK)
    body = {"amount": 150_000, "phone": "+254712000001", "account": "12", **changes}
    headers = {"idempotency-key": key or ids.mint("idem")}
    return await bill.http.post("/v1/collections/stk", json=body, headers=headers)
