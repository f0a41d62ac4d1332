"""What people decide about float reaches its saga only in words the database can keep."""

from typing import Any

import pytest

from tests.api.float_world import Buyer
from tests.api.test_operator import operator


@pytest.mark.parametrize(
    "wrong", [{"reason": "a\x00bc"}, {"reason": "   "}, {"evidence": "a\x00bc"}]
)
async def test_words_the_database_would_refuse_never_reach_the_purchase(
    world: Any, wrong: dict[str, str]
) -> None:
    made = await (await Buyer(world).ready()).bought()
    first, second = operator(world, "op.a"), operator(world, "op.b")
    answer = await world.client(first).post(
        f"/v1/operator/float-purchases/{made['id']}/decide",
        json={"decision": "retry", "reason": "the bank wrote", **wrong},
        headers={"kauri-approver": f"Bearer {second}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")
