"""Repayments through everything that runs: API, worker, M-Pesa and Mifos X, misbehaving."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from cli.demo.client import DemoClient, Keys
from cli.demo.vault.lenders import LENDERS, Lender
from cli.demo.vault.told import Player, until
from cli.seed import seed_partner
from cli.stack.stack import Stack
from models import ids
from simulators.fineract.seeds import USER
from simulators.settings import Settings

PAID = 50_000
_SERIAL = iter(range(600_801, 600_890))


@dataclass
class PayBill:
    """A lender that collects on a pay bill, with one active loan."""

    player: Player
    code: str
    loan: int

    @property
    def client(self) -> DemoClient:
        return self.player.client

    async def pays(self, typed: str) -> str:
        """A customer pays by the menu; M-Pesa's receipt."""
        payment = {"short_code": self.code, "amount_minor": PAID, "bill_ref": typed}
        return str((await self.client.control("daraja/paybill", payment))["receipt"])

    async def ends(self, receipt: str, status: str) -> dict[str, Any]:
        """The collection of that receipt, once it stands so."""

        async def look() -> dict[str, Any] | None:
            page = await self.client.get("/v1/collections?limit=100")
            known = (one for one in page["data"] if one.get("receipt") == receipt)
            return next((one for one in known if one["status"] == status), None)

        return await until(look)

    async def repaid(self) -> list[str]:
        """External ids of repayments that stand on the loan, in the lender's own books."""
        book = await self.client.control("fineract/book")
        mine = [line for line in book["transactions"] if line["loan_id"] == self.loan]
        stands = (one for one in mine if one["kind"] == "repayment" and not one["reversed"])
        return [str(line["external_id"]) for line in stands]


@pytest.fixture
async def bill(stack: Stack, keys: Keys) -> AsyncIterator[PayBill]:
    number = str(next(_SERIAL))
    lender = replace(LENDERS[0], name=f"Lender {number}", pay_bill=number, app=f"lender{number}")
    org, key = seed_partner(stack.urls.database, lender.name)
    mine = replace(keys, merchant=key)
    async with DemoClient(stack.urls.api, stack.urls.simulators, mine) as client:
        await _enrolled(client, lender)
        made = await client.control("fineract/loans", {"client_name": "Jane", "mobile": None})
        loan = int(made["loan_ids"][0])
        await client.control(f"fineract/loans/{loan}", {"act": "disburse"})
        player = Player(lender=lender, client=client, org=ids.shown(ids.ORG, org), approver="")
        yield PayBill(player, number, loan)


async def _enrolled(client: DemoClient, lender: Lender) -> None:
    simulated = Settings()
    app = {"consumer_key": lender.app, "consumer_secret": lender.secret}
    opened = {"short_code": lender.pay_bill, "initiator_password": lender.password, **app}
    await client.control(
        "daraja/organisations",
        {**opened, "name": lender.name, "tells_stk": True, "validates": True},
    )
    credentials: dict[str, dict[str, Any]] = {
        "mifos": {
            "url": f"{client.simulators}/fineract/fineract-provider/api/v1",
            "tenant": "default",
            "user": USER,
            "password": simulated.fineract_password,
        },
        "mpesa_c2b": {**opened, "initiator": "sim-initiator"},
        "mpesa_stk": {
            **app,
            "short_code": lender.pay_bill,
            "passkey": simulated.daraja_passkey,
        },
    }
    for kind, fields in credentials.items():
        entered = await client.post(f"/v1/credentials/{kind}?wait=25", fields)
        assert entered["state"] == "valid", entered


async def test_a_payment_by_the_menu_is_asked_about_told_and_posted_once(bill: PayBill) -> None:
    receipt = await bill.pays(f"L{bill.loan}")
    posted = await bill.ends(receipt, "posted")
    assert posted["validated"] is True
    assert await bill.repaid() == [receipt]


async def test_money_we_rang_for_is_one_payment_although_it_is_told_twice(bill: PayBill) -> None:
    body = {"amount": PAID, "phone": "+254733000601", "account": f"L{bill.loan}"}
    rung = await bill.client.post("/v1/collections/stk", body)
    told = await bill.player.follow("rung", f"/v1/collections/{rung['id']}", "posted")
    assert told.as_expected, told
    assert len(await bill.repaid()) == 1
    assert len((await bill.client.get("/v1/collections"))["data"]) == 1


async def test_a_confirmation_that_comes_twice_is_one_payment(bill: PayBill) -> None:
    order = {"operation": "c2b", "fault": "duplicate_callback"}
    await bill.client.control("daraja/faults", order)
    receipt = await bill.pays(f"L{bill.loan}")
    await bill.ends(receipt, "posted")
    assert len((await bill.client.get("/v1/collections"))["data"]) == 1
    assert await bill.repaid() == [receipt]


async def test_a_confirmation_of_money_that_never_came_is_posted_nowhere(bill: PayBill) -> None:
    await bill.client.control("daraja/faults", {"operation": "c2b", "fault": "forged_callback"})
    waiting = await bill.ends(await bill.pays(f"L{bill.loan}"), "suspense")
    assert waiting["why"] in {"contradicted", "no_such_receipt"}
    assert await bill.repaid() == []


async def test_unmatched_money_is_allocated_by_two_operators(bill: PayBill) -> None:
    receipt = await bill.pays("MAMA MBOGA")
    waiting = await bill.ends(receipt, "suspense")
    body = {"word": "allocate", "account": f"L{bill.loan}", "reason": "the client rang"}
    await bill.client.operate("POST", f"/v1/operator/collections/{waiting['id']}/decide", body)
    assert (await bill.ends(receipt, "posted"))["matched_by"] == "people"
    assert await bill.repaid() == [receipt]


@pytest.mark.parametrize("fault", ["lost_answer", "error_after_accept", "cob_lock"])
async def test_whatever_the_lender_answers_the_repayment_stands_once(
    bill: PayBill, fault: str
) -> None:
    order = {"fault": fault, "operation": "repayment", "account": bill.loan}
    await bill.client.control("fineract/faults", order)
    receipt = await bill.pays(f"L{bill.loan}")
    await bill.ends(receipt, "posted")
    assert await bill.repaid() == [receipt]


async def test_what_m_pesa_takes_back_is_undone_at_the_lender(bill: PayBill) -> None:
    receipt = await bill.pays(f"L{bill.loan}")
    posted = await bill.ends(receipt, "posted")
    body = {"evidence": "statement of the day", "reason": "M-Pesa took it back"}
    await bill.client.operate("POST", f"/v1/operator/collections/{posted['id']}/reversed", body)
    await bill.ends(receipt, "reversed")
    assert await bill.repaid() == []
