"""A deleted pay bill: M-Pesa goes on calling the address that was registered, and is heard."""

from typing import Any

import pytest

from tests.api.pay_bill import PayBill, a_pay_bill


@pytest.fixture
async def bill(world: Any) -> PayBill:
    return await a_pay_bill(world)


async def test_a_deleted_pay_bill_goes_on_being_told_of_payments(bill: PayBill) -> None:
    """The money is taken already; M-Pesa calls the address for ever."""
    await bill.http.put("/v1/collections/rules", json={"reject_unmatched": True})
    assert (await bill.http.delete("/v1/credentials/mpesa_c2b")).status_code == 204
    assert await bill.tells(TransID="RKL51ZDEL1") == "accepted"
    [(state, _claim, data)] = bill.collections()
    assert (state, data["short_code"]) == ("received", bill.code)
    assert (await bill.asks())["ResultCode"] == "0"


async def test_a_pay_bill_entered_again_is_called_where_it_was_registered(bill: PayBill) -> None:
    before = (await bill.http.get("/v1/credentials/mpesa_c2b")).json()["id"]
    await bill.http.delete("/v1/credentials/mpesa_c2b")
    again = await bill.partner.enters("mpesa_c2b")
    assert (again.status_code, again.json()["id"]) == (201, before)
    await bill.world.dispatcher.drain()
    started = [start.workflow_id for start in bill.world.dispatcher.started]
    assert [name for name in started if before in name] == [
        f"credential/{before}/{number}" for number in (1, 2)
    ]
    assert await bill.tells(TransID="RKL51ZDEL2") == "accepted"


async def test_another_deleted_credential_leaves_no_address(bill: PayBill) -> None:
    await bill.partner.enters("mpesa_b2c")
    await bill.http.delete("/v1/credentials/mpesa_b2c")
    query = "select kind from kept_addresses where org_id = %s"
    assert bill.world.sql(query, bill.partner.org) == []
    await bill.http.delete("/v1/credentials/mpesa_c2b")
    assert bill.world.sql(query, bill.partner.org) == [("mpesa_c2b",)]
