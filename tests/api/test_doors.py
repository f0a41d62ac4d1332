"""Doors of the vault: results and arrivals are stored once and answered at once."""

from typing import Any
from uuid import UUID

import pytest

from models import ids

RESULT = b'{"Result":{"ResultCode":0}}'


def a_saga(world: Any, kind: str = "loan_disbursement") -> UUID:
    saga: UUID = ids.uuid7()
    world.sql(
        "insert into sagas (id, org_id, livemode, kind, state)"
        " values (%s, %s, false, %s, 'sending')",
        *[saga, world.org, kind],
    )
    return saga


def an_instruction(world: Any, saga: UUID) -> str:
    name = ids.instruction_id(str(saga), "mpesa_b2c", 1)
    world.sql(
        "insert into instructions (id, org_id, livemode, saga_id, number, rail, state,"
        " our_reference) values (%s, %s, false, %s, 1, 'mpesa_b2c', 'sending', %s)",
        *[ids.parsed(ids.INSTRUCTION, name), world.org, saga, name],
    )
    return name


def a_credential(world: Any) -> str:
    made = ids.uuid7()
    world.sql(
        "insert into credentials (id, org_id, livemode, kind, shown, fields_sealed)"
        " values (%s, %s, false, 'mifos', '{}', '')",
        *[made, world.org],
    )
    return ids.shown(ids.CREDENTIAL, made)


def path(world: Any, owner: str, slug: str) -> str:
    return ids.callback_path(owner, slug, world.parts.settings.callback_secret)


async def test_a_result_is_kept_for_the_saga_its_instruction_belongs_to(world: Any) -> None:
    saga = a_saga(world)
    answer = await world.client().post(
        path(world, an_instruction(world, saga), "ke2"), content=RESULT
    )
    rows = world.sql("select kind, slug, workflow_id from inbox where org_id = %s", world.org)
    assert (answer.status_code, answer.json()["ResultCode"]) == (200, 0)
    assert rows == [("result", "ke2", ids.shown(ids.LOAN, saga))]


async def test_the_same_result_again_is_stored_once_and_answered_alike(world: Any) -> None:
    where = path(world, an_instruction(world, a_saga(world)), "ke2")
    answers = [await world.client().post(where, content=RESULT) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert world.count("inbox") == 1


async def test_another_slug_or_a_forged_tag_opens_no_door(world: Any) -> None:
    where = path(world, an_instruction(world, a_saga(world)), "ke2")
    other, forged = where.replace("/ke2/", "/ke4/"), where[:-1] + ("0" if where[-1] != "0" else "1")
    codes = [
        (await world.client().post(one, content=RESULT)).status_code for one in (other, forged)
    ]
    assert codes == [401, 401]
    assert world.count("inbox") == 0


async def test_an_owner_that_is_not_there_is_not_found(world: Any) -> None:
    nobody = ids.instruction_id("ld_x", "mpesa_b2c", 1)
    answer = await world.client().post(path(world, nobody, "ke2"), content=RESULT)
    assert answer.status_code == 404


async def test_somebody_who_plays_is_stopped_after_fifty_messages(world: Any) -> None:
    where = path(world, an_instruction(world, a_saga(world)), "ke2")
    codes = [
        (await world.client().post(where, content=RESULT + b" " * number)).status_code
        for number in range(52)
    ]
    assert codes == [200] * 50 + [429, 429]


async def test_a_lender_that_registers_its_hook_finds_somebody_at_home(world: Any) -> None:
    where = path(world, a_credential(world), "mf1")
    assert (await world.client().get(where)).status_code == 200
    assert world.count("inbox") == 0


async def test_a_hook_is_an_arrival(world: Any) -> None:
    await world.client().post(path(world, a_credential(world), "mf1"), content=b"{}")
    assert world.sql("select kind, slug from inbox where org_id = %s", world.org) == [
        ("arrival", "mf1")
    ]


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_a_result_comes_by_post_only(world: Any, method: str) -> None:
    where = path(world, an_instruction(world, a_saga(world)), "ke2")
    assert (await world.client().request(method, where)).status_code == 404


async def test_a_prompt_of_a_top_up_is_called_back_where_checkouts_are(world: Any) -> None:
    saga = a_saga(world, "wallet_topup")
    where = path(world, an_instruction(world, saga), "ke1")
    assert (await world.client().post(where, content=RESULT)).status_code == 200
    assert world.sql("select workflow_id from inbox where org_id = %s", world.org) == [
        (ids.shown(ids.TOPUP, saga),)
    ]


@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_a_transfer_is_called_back_where_payers_payments_are(world: Any, method: str) -> None:
    saga = a_saga(world, "payout")
    where = path(world, an_instruction(world, saga), "mm1")
    told = await world.client().request(method, where, content=b'{"status":"SUCCESSFUL"}')
    assert told.status_code == 200
    assert world.sql("select workflow_id, slug from inbox where org_id = %s", world.org) == [
        (ids.shown(ids.PAYOUT, saga), "mm1")
    ]
