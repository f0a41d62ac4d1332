"""Reversals and chargebacks over HTTP: two operators, once, and no refund of what is gone."""

from typing import Any

import httpx
import pytest

from api.keys import OPERATOR
from models import ids
from models.ids import PLATFORM_ORG
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.refunds_world import Refunded
from tests.api.test_refunds import RefundsOver
from tests.conftest import Urls


class Office:
    """Two operators, and a merchant's payment of KES 100.00."""

    def __init__(self, world: Any, over: RefundsOver) -> None:
        self.world, self.over = world, over
        self.payment = over.shop.paid.payment
        self.keys = {
            name: world.make_key(PLATFORM_ORG, principal=name, scopes=(OPERATOR,))
            for name in ("op.amina", "op.brian")
        }

    async def says(self, second: str = "op.brian", **body: Any) -> httpx.Response:
        asked = {"kind": "chargeback", "amount": 7_000, "number": "CB1", "reason": "a letter"}
        headers = {
            "authorization": f"Bearer {self.keys['op.amina']}",
            "kauri-approver": f"Bearer {self.keys[second]}",
        }
        path = f"/v1/operator/payments/{self.payment}/taken_back"
        answer: httpx.Response = await self.world.http.post(
            path, json={**asked, **body}, headers=headers
        )
        return answer


@pytest.fixture
async def office(world: Any, urls: Urls, database: Database, vault: Vault) -> Office:
    """The payment succeeded, and M-Pesa gives back parts."""
    over = RefundsOver(world, await Refunded(urls, database, vault).settled())
    over.offers()
    return Office(world, over)


async def test_a_chargeback_is_booked_once_and_shown_with_the_payment(office: Office) -> None:
    for _ in range(2):
        told = await office.says()
        assert told.status_code == 200, told.text
        assert (told.json()["amount_taken_back"], told.json()["currency"]) == (7_000, "KES")
    shown = (await office.over.http.get(f"/v1/payments/{office.payment}")).json()
    assert (shown["status"], shown["amount_taken_back"]) == ("succeeded", 7_000)


async def test_what_was_charged_back_is_not_refunded_and_what_is_left_is_said(
    office: Office,
) -> None:
    await office.says()
    answer = await office.over.ask(amount=4_000)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "refund_exceeds_captured")
    assert (problem["left"], "charged back" in problem["detail"]) == ("3000", True)
    assert (await office.over.ask(amount=3_000)).status_code == 201


async def test_a_payment_reversed_whole_is_not_refunded(office: Office) -> None:
    told = await office.says(kind="reversal", amount=10_000)
    assert told.json()["status"] == "reversed"
    answer = await office.over.ask()
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_not_refundable")
    assert "taken back" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"second": "op.amina"}, 403, "forbidden"),
        ({"amount": 10_001}, 409, "conflict"),
        ({"amount": 0}, 400, "validation_failed"),
        ({"kind": "theft"}, 400, "validation_failed"),
        ({"number": "two words"}, 400, "validation_failed"),
    ],
)
async def test_what_cannot_be_booked_is_refused_and_says_why(
    office: Office, body: dict[str, Any], status: int, code: str
) -> None:
    answer = await office.says(**body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    named = ids.parsed(ids.PAYMENT, office.payment)
    taken = office.world.sql("select amount_taken_back from payments where id = %s", named)
    assert taken == [(0,)]
