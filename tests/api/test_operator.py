"""What operators may look at and decide through the API, and what they may not."""

from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from api.errors import Conflict
from api.keys import OPERATOR
from api.operators import updated
from models import ids
from models.ids import PLATFORM_ORG
from tests.api.conftest import World

RESOLVE = {"outcome": "failed", "reason": "seen with MTN", "evidence": "ticket 7"}


def operator(world: World, principal: str, *, livemode: bool = False) -> str:
    return world.make_key(PLATFORM_ORG, principal=principal, scopes=(OPERATOR,), livemode=livemode)


async def resolve(world: World, payment: str, key: str, approver: str) -> int:
    headers = {"authorization": f"Bearer {key}", "kauri-approver": f"Bearer {approver}"}
    answer = await world.http.post(
        f"/v1/operator/payments/{payment}/resolve", json=RESOLVE, headers=headers
    )
    return answer.status_code


async def a_stuck_payment(world: World) -> str:
    checkout = await world.created(confirm={"method": "mpesa", "payer": {"phone": "+254700000001"}})
    world.attempt_ends(checkout, "unknown", "unknown")
    return str(checkout["payment"]["id"])


async def test_an_operator_sees_the_stuck_payments_of_their_own_mode_only(world: World) -> None:
    payment = await a_stuck_payment(world)
    seen = {}
    for livemode in (False, True):
        headers = {"authorization": f"Bearer {operator(world, 'op.a', livemode=livemode)}"}
        answer = await world.http.get("/v1/operator/payments?limit=500", headers=headers)
        seen[livemode] = payment in [one["id"] for one in answer.json()["data"]]
    assert seen == {False: True, True: False}


async def test_a_live_key_cannot_touch_a_payment_of_the_test_mode(world: World) -> None:
    payment = await a_stuck_payment(world)
    keys = [operator(world, name, livemode=True) for name in ("op.a", "op.b")]
    assert await resolve(world, payment, *keys) == 404


class Refuses:
    """Temporal with one workflow, which refuses every update with a reason."""

    def get_workflow_handle(self, _id: str) -> "Refuses":
        return self

    async def execute_update(self, *_update: Any, **_options: Any) -> None:
        cause = ApplicationError("another word is being weighed", type="Refused")
        raise WorkflowUpdateFailedError(cause)


async def test_a_refusal_is_told_without_the_type_it_travels_by() -> None:
    parts: Any = SimpleNamespace(temporal=Refuses())
    request = Request({"type": "http", "headers": [], "path": "/"})
    with pytest.raises(Conflict, match=r"^another word is being weighed$"):
        await updated(parts, "cm_1", request, update="u", order=1, result_type=str, what="move")


class Hears:
    """Temporal with one workflow, which keeps the ids of its updates."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def get_workflow_handle(self, _id: str) -> "Hears":
        return self

    async def execute_update(self, *_update: Any, **options: Any) -> None:
        self.ids.append(options["id"])


def said(body: bytes) -> Request:
    """A request under one key."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    headers = [(b"idempotency-key", b"k")]
    return Request({"type": "http", "headers": headers, "path": "/"}, receive)


async def test_one_key_and_body_is_one_word_and_another_body_is_another() -> None:
    temporal = Hears()
    parts: Any = SimpleNamespace(temporal=temporal)
    for body in (b"retry", b"retry", b"return"):
        request = said(body)
        await updated(parts, "cm_1", request, update="u", order=1, result_type=str, what="move")
    first, again, other = temporal.ids
    assert first == again != other


@pytest.mark.parametrize("second", ["op.a", "merchant", "nobody", "other mode"])
async def test_a_resolution_needs_a_second_operator_who_is_somebody_else(
    world: World, second: str
) -> None:
    payment = await a_stuck_payment(world)
    approvers = {
        "op.a": operator(world, "op.a"),
        "merchant": world.make_key(),
        "nobody": "kk_test_" + "a" * 52,
        "other mode": operator(world, "op.b", livemode=True),
    }
    status = await resolve(world, payment, operator(world, "op.a"), approvers[second])
    assert status == {"nobody": 401}.get(second, 403)


@pytest.mark.parametrize(
    "wrong",
    [
        {"receipt": " "},
        {"receipt": "\u200b"},
        {"receipt": "R\x00"},
        {"reason": "   "},
        {"evidence": "a\x00bc"},
    ],
)
async def test_words_the_database_would_refuse_never_reach_the_saga(
    world: World, wrong: dict[str, str]
) -> None:
    payment = await a_stuck_payment(world)
    headers = {
        "authorization": f"Bearer {operator(world, 'op.a')}",
        "kauri-approver": f"Bearer {operator(world, 'op.b')}",
    }
    answer = await world.http.post(
        f"/v1/operator/payments/{payment}/resolve", json={**RESOLVE, **wrong}, headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")


async def test_a_case_of_a_running_session_is_not_decided_beside_its_workflow(
    world: World,
) -> None:
    payment = await a_stuck_payment(world)
    case = ids.uuid7()
    world.sql(
        """insert into cases (id, org_id, livemode, kind, cause, checkout_id, payment_id,
             attempt_id, amount, currency)
           select %s, org_id, livemode, 'amount_mismatch', %s, checkout_id, payment_id, id, 5, 'KES'
             from attempts where payment_id = %s""",
        case,
        f"cause-{case}",
        ids.parsed(ids.PAYMENT, payment),
    )
    headers = {
        "authorization": f"Bearer {operator(world, 'op.a')}",
        "kauri-approver": f"Bearer {operator(world, 'op.b')}",
    }
    answer = await world.http.post(
        f"/v1/operator/cases/{ids.shown(ids.CASE, case)}/decide",
        json={"decision": "accept", "reason": "payer agrees"},
        headers=headers,
    )
    assert answer.status_code == 409
    assert world.sql("select state from cases where id = %s", case) == [("open",)]
