"""What our own short code holds comes to one address, and is shown beside the ledger's."""

import json
from typing import Any

import pytest

from models import ids

HOUSE = ids.shown(ids.ORG, ids.PLATFORM_ORG)
ACCOUNTS = "&".join(
    f"{name}|KES|{held}|{held}|0.00|0.00"
    for name, held in (
        ("Working Account", "700.00"),
        ("Utility Account", "1300.50"),
        ("Charges Paid Account", "-20.00"),
    )
)


def result(code: int = 0, accounts: str | None = ACCOUNTS) -> bytes:
    """The answer to a question for balances."""
    told: dict[str, Any] = {"ResultCode": code, "ResultDesc": "said"}
    if accounts is not None:
        items = [{"Key": "AccountBalance", "Value": accounts}]
        told["ResultParameters"] = {"ResultParameter": items}
    return json.dumps({"Result": told}).encode()


def path(world: Any, owner: str = HOUSE) -> str:
    return ids.callback_path(owner, "ke9", world.parts.settings.callback_secret)


def told(world: Any) -> list[Any]:
    """What was told of M-Pesa's float, taken away for the next test."""
    found: list[Any] = world.sql(
        "delete from floats where rail = 'mpesa' and told is not null returning told, account"
    )
    return found


async def test_what_may_be_spent_is_both_accounts_together(world: Any) -> None:
    told(world)
    answer = await world.client().post(path(world), content=result())
    assert (answer.status_code, answer.json()["ResultCode"]) == (200, 0)
    assert told(world) == [(200_050, "provider:mpesa:collections:float")]


@pytest.mark.parametrize("raw", [result(2001, None), b"<html>", b"{}", result(0, "junk")])
async def test_what_says_nothing_changes_nothing(world: Any, raw: bytes) -> None:
    told(world)
    assert (await world.client().post(path(world), content=raw)).status_code == 200
    assert told(world) == []


async def test_a_path_of_somebody_else_is_refused(world: Any) -> None:
    told(world)
    other = path(world, ids.mint(ids.ORG))
    assert (await world.client().post(other, content=result())).status_code == 401
    assert told(world) == []
