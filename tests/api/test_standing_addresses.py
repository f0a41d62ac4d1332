"""One address for everything: the message names its attempt, the sender proves itself."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest

from models import ids
from providers.contract import Standing
from providers.wire import parse
from tests.api.conftest import MOMO_CONFIRM
from tests.api.test_doors import a_saga, an_instruction


def _attempt(raw: bytes) -> UUID | None:
    named = (parse(raw) or {}).get("attempt")
    return ids.parsed(ids.prefix_of(named), named) if isinstance(named, str) else None


def _proves(_raw: bytes, headers: Mapping[str, str]) -> bool:
    return headers.get("x-proof") == "right"


@pytest.fixture
def standing(world: Any) -> str:
    """MTN's door, with one address beside those of its attempts; its path."""
    ready = world.parts.providers["momo"]
    callbacks = replace(ready.callbacks, standing=Standing(attempt=_attempt, proves=_proves))
    world.parts.providers["momo"] = replace(ready, callbacks=callbacks)
    owner = ids.shown(ids.ORG, ids.PLATFORM_ORG)
    return ids.callback_path(owner, "mm1", world.parts.settings.callback_secret)


async def sent(world: Any, path: str, attempt: str | None, proof: str = "right") -> httpx.Response:
    body = json.dumps({"attempt": attempt, "status": "SUCCESSFUL"})
    answer: httpx.Response = await world.client().post(
        path, content=body, headers={"x-proof": proof}
    )
    return answer


async def attempt_of(world: Any) -> str:
    checkout = await world.created(confirm=MOMO_CONFIRM, amount=5_000, currency="XAF")
    return str(checkout["payment"]["latest_attempt"]["id"])


async def test_a_message_is_kept_for_the_attempt_it_names(world: Any, standing: str) -> None:
    attempt = await attempt_of(world)
    assert [(await sent(world, standing, attempt)).status_code for _ in range(2)] == [200, 200]
    kept = world.sql("select attempt_id, kind from inbox where org_id = %s", world.org)
    assert kept == [(ids.parsed(ids.ATTEMPT, attempt), "callback")]


@pytest.mark.parametrize("named", [None, ids.mint(ids.ATTEMPT)])
async def test_a_message_about_nobody_of_ours_is_answered_and_forgotten(
    world: Any, standing: str, named: str | None
) -> None:
    before = world.sql("select count(*) from inbox")
    assert (await sent(world, standing, named)).status_code == 200
    assert world.sql("select count(*) from inbox") == before


async def test_a_message_may_name_an_instruction_of_ours(world: Any, standing: str) -> None:
    saga = a_saga(world, "payout")
    named = an_instruction(world, saga)
    assert (await sent(world, standing, named)).status_code == 200
    kept = world.sql("select kind, slug, workflow_id from inbox where org_id = %s", world.org)
    assert kept == [("result", "mm1", ids.shown(ids.PAYOUT, saga))]


async def test_a_sender_who_proves_nothing_is_refused(world: Any, standing: str) -> None:
    attempt = await attempt_of(world)
    answer = await sent(world, standing, attempt, proof="wrong")
    assert (answer.status_code, answer.json()["code"]) == (401, "signature_wrong")
    assert world.count("inbox") == 0


async def test_the_proof_is_asked_for_at_an_attempts_address_too(world: Any, standing: str) -> None:
    attempt = await attempt_of(world)
    path = ids.callback_path(attempt, "mm1", world.parts.settings.callback_secret)
    refused = await sent(world, path, attempt, proof="wrong")
    taken = await sent(world, path, attempt)
    assert (refused.status_code, taken.status_code) == (401, 200)
    assert world.count("inbox") == 1


async def test_only_what_may_be_kept_of_a_message_is_kept(world: Any) -> None:
    ready = world.parts.providers["momo"]
    callbacks = replace(ready.callbacks, kept=lambda _raw: b"{}")
    world.parts.providers["momo"] = replace(ready, callbacks=callbacks)
    attempt = await attempt_of(world)
    path = ids.callback_path(attempt, "mm1", world.parts.settings.callback_secret)
    for word in ("one", "another"):
        assert (await sent(world, path, word)).status_code == 200
    digest = ids.body_digest(ids.parsed(ids.ATTEMPT, attempt).hex, b"{}")
    assert world.sql("select digest from inbox where org_id = %s", world.org) == [(digest,)]


async def test_a_provider_without_one_has_no_such_address(world: Any) -> None:
    owner = ids.shown(ids.ORG, ids.PLATFORM_ORG)
    path = ids.callback_path(owner, "mm1", world.parts.settings.callback_secret)
    assert (await sent(world, path, await attempt_of(world))).status_code == 404
