"""Deciding a case of an ended session: what is answered where it cannot be decided so."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from temporalio.client import WorkflowFailureError
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, ApplicationError, RetryState

from api.keys import OPERATOR
from models import ids
from models.case import NOT_DECIDABLE, CaseDecision
from models.ids import PLATFORM_ORG
from tests.api.conftest import World


class Decides:
    """Temporal, whose decision answers a word or is refused; remembers what was asked."""

    def __init__(self, answer: str | Exception) -> None:
        self.answer = answer
        self.asked: list[CaseDecision] = []
        self.policies: list[WorkflowIDReusePolicy] = []

    async def execute_workflow(
        self,
        _name: str,
        decision: CaseDecision,
        *,
        id_reuse_policy: WorkflowIDReusePolicy,
        **_options: Any,
    ) -> str:
        self.asked.append(decision)
        self.policies.append(id_reuse_policy)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def refused(why: str) -> WorkflowFailureError:
    """As the client raises it: the activity's refusal inside the workflow's failure."""
    outer = ActivityError(
        "Activity task failed", scheduled_event_id=5, started_event_id=6, identity="w",
        activity_type="case.decide", activity_id="1",
        retry_state=RetryState.NON_RETRYABLE_FAILURE,
    )  # fmt: skip
    outer.__cause__ = ApplicationError(why, type=NOT_DECIDABLE, non_retryable=True)
    return WorkflowFailureError(cause=outer)


async def a_case(world: World) -> str:
    """Late money of a session that has ended."""
    checkout = await world.created(confirm={"method": "mpesa", "payer": {"phone": "+254700000001"}})
    world.attempt_ends(checkout, "failed", "canceled")
    named = ids.parsed(ids.CHECKOUT, checkout["id"])
    world.sql("update checkouts set state = 'canceled' where id = %s returning 1", named)
    case = ids.uuid7()
    world.sql(
        """insert into cases (id, org_id, livemode, kind, cause, checkout_id, payment_id,
             attempt_id, amount, currency, entry_id)
           select %s, org_id, livemode, 'late_money', %s, checkout_id, payment_id, id, 5, 'KES', %s
             from attempts where checkout_id = %s returning 1""",
        *[case, f"cause-{case}", f"entry-{case}", named],
    )
    return ids.shown(ids.CASE, case)


async def decide(world: World, case: str, temporal: Decides, word: str) -> httpx.Response:
    world.app.state.parts = replace(world.parts, temporal=temporal)  # type: ignore[arg-type]  # the part of a client that is called
    keys = [
        world.make_key(PLATFORM_ORG, principal=name, scopes=(OPERATOR,))
        for name in ("op.a", "op.b")
    ]
    headers = {"authorization": f"Bearer {keys[0]}", "kauri-approver": f"Bearer {keys[1]}"}
    body = {"decision": word, "reason": "the payer asks for it"}
    return await world.http.post(f"/v1/operator/cases/{case}/decide", json=body, headers=headers)


async def test_a_refund_is_named_with_the_decision_so_that_it_begins_once(world: World) -> None:
    temporal, case = Decides("refund"), await a_case(world)
    assert (await decide(world, case, temporal, "refund")).status_code == 200
    (asked,) = temporal.asked
    assert asked.refund_id is not None
    assert ids.parsed(ids.REFUND, asked.refund_id).version == 7
    assert (asked.actor, asked.approver) == ("op.a", "op.b")


@pytest.mark.parametrize("word", ["accept", "refunded"])
async def test_other_words_name_no_refund_and_a_case_may_be_decided_again(
    world: World, word: str
) -> None:
    temporal = Decides(word)
    assert (await decide(world, await a_case(world), temporal, word)).status_code == 200
    assert [one.refund_id for one in temporal.asked] == [None]
    assert temporal.policies == [WorkflowIDReusePolicy.ALLOW_DUPLICATE]


async def test_what_the_rail_cannot_give_back_is_said_in_the_words_of_the_refusal(
    world: World,
) -> None:
    temporal = Decides(refused("orange gives no such payment back"))
    answer = await decide(world, await a_case(world), temporal, "refund")
    assert (answer.status_code, answer.json()["detail"]) == (
        409, "orange gives no such payment back"
    )  # fmt: skip


async def test_who_comes_second_is_told_how_it_was_decided(world: World) -> None:
    answer = await decide(world, await a_case(world), Decides("accept"), "refund")
    assert (answer.status_code, answer.json()["detail"]) == (409, "decided already: accept")
