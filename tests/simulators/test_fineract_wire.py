"""Fineract as Fineract speaks it: lists and their quirks, dates, errors, tenants."""

from typing import Any

import pytest
import pytest_asyncio

from tests.simulators.lenders import Lender, a_lender, code
from tests.simulators.peers import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def lender(world: World) -> Lender:
    return await a_lender(world)


async def test_a_wrong_tenant_or_password_is_401_with_no_details(lender: Lender) -> None:
    wrong = await Lender(lender.world, password="wrong").get("/loanproducts")
    nobody = await Lender(lender.world, "nowhere").get("/loanproducts")
    assert code(wrong) == (401, "error.msg.not.authenticated")
    assert code(nobody) == (401, "error.msg.invalid.tenant.identifier")
    assert wrong.json()["httpStatusCode"] == "401"


async def test_signing_in_is_only_a_check(lender: Lender) -> None:
    said = await lender.post(
        "/authentication", {"username": "kauri", "password": "sim-mifos-password"}
    )
    wrong = await lender.post("/authentication", {"username": "kauri", "password": "no"})
    missing = await lender.post("/authentication", {})
    assert said.json()["authenticated"] is True
    assert "DISBURSE_LOAN" in said.json()["permissions"]
    assert (wrong.status_code, missing.status_code) == (401, 500)


async def test_two_tenants_have_other_ids_for_the_same_names(lender: Lender) -> None:
    other = Lender(lender.world, "sacco-two")

    async def ids(of: Lender, path: str) -> dict[str, int]:
        return {line["name"]: line["id"] for line in (await of.get(path)).json()}

    assert await ids(lender, "/paymenttypes") != await ids(other, "/paymenttypes")
    assert await ids(lender, "/loanproducts") != await ids(other, "/loanproducts")


async def test_a_tenant_can_be_made_and_is_empty(lender: Lender) -> None:
    made = (await lender.order("tenants", name="chama-three")).json()
    new = Lender(lender.world, "chama-three")
    assert "Mobile Money" in made["payment_types"]
    assert (await new.get("/loans", status=200)).json()["totalFilteredRecords"] == 0


async def test_dates_are_arrays_and_amounts_numbers(lender: Lender) -> None:
    key = await lender.new_loan(net_minor=950_050, approved_on="2026-11-02")
    shown = await lender.loan(key)
    assert shown["timeline"]["approvedOnDate"] == [2026, 11, 2]
    assert (shown["approvedPrincipal"], shown["netDisbursalAmount"]) == (10000.0, 9500.5)
    assert shown["status"]["id"] == 200
    assert shown["status"]["waitingForDisbursal"] is True
    assert shown["accountNo"] == f"{key:09d}"


async def test_without_associations_a_loan_has_no_transactions(lender: Lender) -> None:
    key = await lender.new_loan()
    basic = (await lender.get(f"/loans/{key}")).json()
    assert "transactions" not in basic
    assert (await lender.loan(key))["transactions"] == []


async def test_a_list_is_filtered_ordered_and_paged(lender: Lender) -> None:
    ids = await lender.new_loans(count=5)
    await lender.new_loan(approved=False)
    page = (
        await lender.get("/loans", status=200, orderBy="id", sortOrder="ASC", offset=1, limit=2)
    ).json()
    assert page["totalFilteredRecords"] == 5
    assert [row["id"] for row in page["pageItems"]] == ids[1:3]


async def test_without_limit_the_offset_is_ignored_and_all_rows_come(lender: Lender) -> None:
    ids = await lender.new_loans(count=5)
    rows = (await lender.get("/loans", status=200, offset=3)).json()["pageItems"]
    assert sorted(row["id"] for row in rows) == ids


async def test_without_order_a_touched_loan_moves(lender: Lender) -> None:
    ids = await lender.new_loans(count=3)
    await lender.disburse(ids[0])
    rows = (await lender.get("/loans", offset=0, limit=9)).json()["pageItems"]
    assert [row["id"] for row in rows] != ids


async def test_a_status_that_is_no_number_is_a_server_error(lender: Lender) -> None:
    assert (await lender.get("/loans", status="approved")).status_code == 500


async def test_an_old_server_knows_no_status_filter(lender: Lender) -> None:
    await lender.turn(version="1.8.4")
    await lender.new_loan(approved=False)
    await lender.new_loan()
    assert (await lender.get("/loans", status=200)).json()["totalFilteredRecords"] == 2


async def test_loans_clients_and_savings_are_found_by_number_and_name(lender: Lender) -> None:
    made = await lender.order("clients", mobile="0712345678", external_id="ID-9", savings=True)
    ids = made.json()
    key = await lender.new_loan(client_id=ids["client_id"], external_id="LN-77")
    hits = (await lender.get("/search", query=f"{1:09d}", exactMatch="true")).json()
    phone = (await lender.get("/search", query="0712345678", exactMatch="true")).json()
    accounts = (await lender.get(f"/clients/{ids['client_id']}/accounts")).json()
    assert {hit["entityType"] for hit in hits} == {"CLIENT", "LOAN", "SAVING"}
    assert [hit["entityId"] for hit in phone] == [ids["client_id"]]
    assert [loan["id"] for loan in accounts["loanAccounts"]] == [key]
    assert [account["id"] for account in accounts["savingsAccounts"]] == [ids["savings_id"]]
    assert (await lender.get("/loans/external-id/LN-77")).json()["id"] == key
    assert (await lender.get("/loans", accountNo=f"{key:09d}")).json()["totalFilteredRecords"] == 1


async def test_a_branch_sees_only_its_own(lender: Lender) -> None:
    client = (await lender.order("clients", office_id=2)).json()["client_id"]
    key = await lender.new_loan(client_id=client)
    await lender.order("users", name="branch", password="b", office_id=3)
    branch = Lender(lender.world, user="branch", password="b")
    assert code(await branch.get(f"/loans/{key}"))[0] == 404
    assert (await branch.get("/loans")).json()["totalFilteredRecords"] == 0
    assert (await lender.get(f"/loans/{key}")).status_code == 200


async def test_a_user_without_the_permission_is_403(lender: Lender) -> None:
    await lender.order("users", name="guest", password="g", permissions=["READ_LOAN"])
    guest = Lender(lender.world, user="guest", password="g")
    key = await lender.new_loan()
    assert (await guest.get(f"/loans/{key}")).status_code == 200
    assert code(await guest.disburse(key)) == (403, "error.msg.not.authorized")
    assert code(await guest.get("/hooks")) == (403, "error.msg.not.authorized")


async def test_the_calendar_says_what_the_switches_say(lender: Lender) -> None:
    await lender.turn(
        working_days="MO,TU", holidays=[{"first": "2026-12-25", "last": "2026-12-26"}]
    )
    dates = (await lender.get("/businessdate")).json()
    holidays = (await lender.get("/holidays", officeId=1)).json()
    week = (await lender.get("/workingdays")).json()
    assert dates == [{"type": "BUSINESS_DATE", "date": [2026, 11, 21]}]
    assert (holidays[0]["fromDate"], holidays[0]["toDate"]) == ([2026, 12, 25], [2026, 12, 26])
    assert week["recurrence"].endswith("BYDAY=MO,TU")


async def test_ten_thousand_loans_are_made_and_read_quickly(lender: Lender) -> None:
    ids = await lender.new_loans(count=10_000)
    query = {"status": 200, "orderBy": "id", "sortOrder": "ASC", "offset": 9_990, "limit": 50}
    page = (await lender.get("/loans", **query)).json()
    assert len(ids) == page["totalFilteredRecords"] == 10_000
    assert [row["id"] for row in page["pageItems"]] == ids[-10:]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("loans", {"tenant": "nowhere"}, 404),
        ("loans", {"product_id": 99}, 422),
        ("loans", {"amount": 1}, 422),
        ("loans/999", {"act": "approve"}, 404),
        ("switches/default", {"maker_cheker": []}, 422),
        ("faults", {"fault": "no_such_fault"}, 422),
        ("faults", {"fault": "lost_answer", "operation": "dance"}, 422),
        ("settings", {"speed": -1}, 422),
    ],
)
async def test_a_wrong_order_is_refused(
    lender: Lender, path: str, body: dict[str, Any], status: int
) -> None:
    assert (await lender.order(path, **body)).status_code == status
