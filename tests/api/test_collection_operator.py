"""Operators and collections: two people, what is posted only, one reversal at a time."""

import json
from typing import Any
from uuid import UUID

import pytest

from api.keys import OPERATOR
from models import ids
from models.ids import PLATFORM_ORG
from tests.api.conftest import World

POSTED = {
    "receipt": "RKL51ZDR4F",
    "received": 50_000,
    "target": "loan",
    "account": "000000012",
    "account_id": 12,
    "client_id": 3,
    "lender_transaction": "564",
}
REVERSED = {"evidence": "statement of the day", "reason": "M-Pesa took it back"}
LEAVE = {"word": "leave", "reason": "nobody claims it"}


class Desk:
    """Two operators and one collection."""

    def __init__(self, world: World) -> None:
        self.world, self.org = world, world.make_org(kind="partner", name="Sacco")
        self.amina, self.brian = (self._key(name) for name in ("op.amina", "op.brian"))
        self.saga: UUID = ids.uuid7()
        self.shown = ids.shown(ids.COLLECTION, self.saga)

    def _key(self, principal: str) -> str:
        return self.world.make_key(PLATFORM_ORG, principal=principal, scopes=(OPERATOR,))

    def stands(self, state: str, **shown: Any) -> None:
        self.world.sql(
            "insert into sagas (id, org_id, livemode, kind, state, amount, currency, data)"
            " values (%s, %s, false, 'c2b_receipt', %s, 50000, 'KES', %s)",
            *[self.saga, self.org, state, json.dumps(shown)],
        )

    async def post(self, act: str, body: Any, *, approver: str = "") -> Any:
        headers = {
            "authorization": f"Bearer {self.amina}",
            "kauri-approver": f"Bearer {approver or self.brian}",
        }
        path = f"/v1/operator/collections/{self.shown}/{act}"
        return await self.world.http.post(path, json=body, headers=headers)

    def started(self) -> list[str]:
        rows = self.world.sql("select id from starts where org_id = %s order by id", self.org)
        return [row[0] for row in rows]


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


async def test_the_one_who_acts_may_not_approve(desk: Desk) -> None:
    desk.stands("posted", **POSTED)
    said = [
        await desk.post("decide", LEAVE, approver=desk.amina),
        await desk.post("reversed", REVERSED, approver=desk.amina),
    ]
    assert [one.status_code for one in said] == [403, 403]
    assert desk.started() == []


async def test_a_reversal_of_what_was_posted_is_accepted_and_started_once(desk: Desk) -> None:
    desk.stands("posted", **POSTED)
    first, again = await desk.post("reversed", REVERSED), await desk.post("reversed", REVERSED)
    assert (first.status_code, again.status_code) == (200, 409)
    assert desk.started() == [f"{desk.shown}/reversal/1"]
    await desk.world.dispatcher.drain()
    order = desk.world.dispatcher.started[-1].order
    assert (order.transaction_id, order.actor, order.approver) == (564, "op.amina", "op.brian")
    assert order.target.id == 12


async def test_after_an_undo_that_was_refused_another_may_be_tried(desk: Desk) -> None:
    desk.stands("posted", **POSTED)
    await desk.post("reversed", REVERSED)
    desk.world.sql(
        "insert into instructions (id, org_id, livemode, saga_id, number, rail, state,"
        " our_reference) values (%s, %s, false, %s, 1, 'mifos_undo', 'rejected', %s)",
        *[ids.uuid7(), desk.org, desk.saga, f"{desk.shown}/undo/1"],
    )
    desk.world.sql("update sagas set state = 'reversal_review' where id = %s", desk.saga)
    waived = await desk.post("reversed", {**REVERSED, "word": "waive"})
    assert waived.status_code == 200
    assert desk.started() == [f"{desk.shown}/reversal/1", f"{desk.shown}/reversal/2"]


@pytest.mark.parametrize("state", ["received", "suspense", "posting_review", "refunded"])
async def test_what_is_not_posted_is_decided_instead_of_reversed(desk: Desk, state: str) -> None:
    desk.stands(state)
    assert (await desk.post("reversed", REVERSED)).status_code == 409
    assert desk.started() == []


async def test_a_collection_that_has_ended_is_decided_no_more(desk: Desk) -> None:
    desk.stands("left")
    answer = await desk.post("decide", LEAVE)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    "body", [{"word": "burn", "reason": "why not"}, {"word": "leave"}, {**LEAVE, "account": ""}]
)
async def test_what_cannot_be_decided_is_refused_unsent(desk: Desk, body: Any) -> None:
    desk.stands("suspense")
    assert (await desk.post("decide", body)).status_code == 400
