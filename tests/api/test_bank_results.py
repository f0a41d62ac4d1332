"""Results of the bank: one address, one pair, and the reference names the instruction."""

import base64
import json
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from models import ids
from models.ids import PLATFORM_ORG
from providers.ncba.settings import NcbaSettings

REFERENCE = "K0123456789ABCDEFGH"
RIGHT, WRONG = "bank:right", "bank:wrong"


@pytest.fixture
def purchase(world: Any) -> str:
    """A purchase whose float was ordered; its id. The world knows how the bank proves itself."""
    bank = NcbaSettings(
        pool_account="77445", callback_user="bank", callback_password=SecretStr("right")
    )
    object.__setattr__(world.parts, "bank", bank)
    saga, instruction = ids.uuid7(), ids.uuid7()
    world.sql(
        "insert into sagas (id, org_id, livemode, kind, state) values"
        " (%s, %s, false, 'float_purchase', 'purchasing')", saga, world.org,
    )  # fmt: skip
    world.sql("delete from instructions where our_reference = %s", REFERENCE)
    world.sql(
        "insert into instructions (id, org_id, livemode, saga_id, number, rail, state,"
        " our_reference) values (%s, %s, false, %s, 1, 'ncba_float', 'sending', %s)",
        instruction, world.org, saga, REFERENCE,
    )  # fmt: skip
    return ids.shown(ids.FLOAT_PURCHASE, saga)


async def calls(
    world: Any,
    *,
    pair: str = RIGHT,
    reference: str = REFERENCE,
    tag: str = "",
    scheme: str = "Basic",
) -> httpx.Response:
    owner = ids.shown(ids.ORG, PLATFORM_ORG)
    path = ids.callback_path(owner, "kb1", world.parts.settings.callback_secret)
    headers = {"authorization": f"{scheme} {base64.b64encode(pair.encode()).decode()}"}
    body = json.dumps({"TransactionID": reference, "Status": "SUCCESS"}).encode()
    answer: httpx.Response = await world.client().post(
        path[: -len(tag)] + tag if tag else path, content=body, headers=headers
    )
    return answer


def stored(world: Any) -> list[Any]:
    found: list[Any] = world.sql(
        "select kind, slug, workflow_id from inbox where org_id = %s", world.org
    )
    return found


async def test_a_result_is_kept_for_the_instruction_it_names(world: Any, purchase: str) -> None:
    answer = await calls(world)
    assert answer.json() == {"resultCode": "0", "resultDescription": "Accepted"}
    assert stored(world) == [("result", "kb1", purchase)]


async def test_the_same_result_again_is_kept_once(world: Any, purchase: str) -> None:
    assert [(await calls(world)).status_code for _ in range(2)] == [200, 200]
    assert stored(world) == [("result", "kb1", purchase)]


@pytest.mark.usefixtures("purchase")
@pytest.mark.parametrize(
    "wrong", [{"pair": WRONG}, {"pair": ":"}, {"scheme": "Bearer"}, {"tag": "0000"}]
)
async def test_nobody_else_is_heard(world: Any, wrong: dict[str, str]) -> None:
    answer = await calls(world, **wrong)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature_wrong")
    assert stored(world) == []


@pytest.mark.usefixtures("purchase")
async def test_a_bank_without_a_pair_is_nobody(world: Any) -> None:
    object.__setattr__(world.parts, "bank", NcbaSettings(pool_account="77445"))
    assert (await calls(world, pair=":")).status_code == 401


@pytest.mark.usefixtures("purchase")
async def test_an_unknown_reference_is_not_found(world: Any) -> None:
    assert (await calls(world, reference="K9")).status_code == 404
    assert stored(world) == []


@pytest.mark.parametrize("rail", ["eft", "rtgs"])
async def test_a_payout_to_a_bank_is_told_of_at_the_same_address(
    world: Any, purchase: str, rail: str
) -> None:
    assert purchase
    saga, instruction = ids.uuid7(), ids.uuid7()
    named = ids.shown(ids.INSTRUCTION, instruction)
    world.sql(
        "insert into sagas (id, org_id, livemode, kind, state)"
        " values (%s, %s, false, 'payout', 'processing')", saga, world.org,
    )  # fmt: skip
    world.sql(
        "insert into instructions (id, org_id, livemode, saga_id, number, rail, state,"
        " our_reference) values (%s, %s, false, %s, 1, %s, 'sending', %s)",
        instruction, world.org, saga, rail, named,
    )  # fmt: skip
    assert (await calls(world, reference=named)).status_code == 200
    assert stored(world) == [("result", "kb1", ids.shown(ids.PAYOUT, saga))]
