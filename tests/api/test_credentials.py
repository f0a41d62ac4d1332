"""Credentials over HTTP: entered, accepted for a check, changed, and never told again."""

import asyncio
import dataclasses
import json
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from models.credential_check import Check, CheckOrder
from runtime.key_providers.vault_transit import VaultTransit
from runtime.starting import start_of
from runtime.vault import Vault
from simulators.kms import TOKEN, Kms
from tests.api.partner_world import MIFOS, MPESA, SECRETS, Partner

PATH = "/v1/credentials"


@pytest.fixture
def partner(world: Any) -> Partner:
    return Partner(world)


@pytest.mark.parametrize("kind", ["mifos", "mpesa_b2c", "mpesa_c2b", "mpesa_stk"])
async def test_no_answer_ever_holds_a_secret(partner: Partner, kind: str) -> None:
    entered = await partner.enters(kind)
    assert entered.status_code == 201, entered.text
    assert (entered.json()["state"], entered.json()["in_use"]) == ("checking", False)
    told = [entered.text, (await partner.http.get(PATH)).text]
    told.append((await partner.http.get(f"{PATH}/{kind}")).text)
    assert [secret for secret in SECRETS for text in told if secret in text] == []


async def test_no_row_holds_a_secret_in_clear(partner: Partner) -> None:
    for kind in ("mifos", "mpesa_b2c"):
        await partner.enters(kind)
    rows = "".join(
        str(partner.world.sql(f"select * from {table} where org_id = %s", partner.org))
        for table in ("credentials", "idempotency_keys", "starts", "events")
    )
    assert "600100" in rows
    assert [secret for secret in SECRETS if secret in rows] == []


async def test_an_entered_credential_is_accepted_for_its_check(partner: Partner) -> None:
    entered = (await partner.enters("mpesa_b2c")).json()
    await partner.world.dispatcher.drain()
    start = partner.world.dispatcher.started[-1]
    assert start.workflow_id == f"credential/{entered['id']}/1"
    ((sealed, kind),) = partner.world.sql(
        "select payload_sealed, kind from starts where id = %s", start.workflow_id
    )
    plain = await partner.world.parts.vault.unseal(
        partner.org, livemode=False, field="start", sealed=sealed
    )
    assert start_of(kind, plain) == start
    assert TypeAdapter(CheckOrder).validate_json(plain).kind == "mpesa_b2c"


async def test_entering_again_replaces_and_checks_anew(partner: Partner) -> None:
    first = (await partner.enters("mifos")).json()
    partner.found("mifos", "valid")
    again = await partner.enters("mifos", password="another")
    assert (again.status_code, again.json()["state"], again.json()["in_use"]) == (
        200, "checking", False,
    )  # fmt: skip
    assert again.json()["id"] == first["id"]
    await partner.world.dispatcher.drain()
    assert partner.world.dispatcher.started[-1].workflow_id.endswith("/2")


async def test_the_same_key_enters_once(partner: Partner) -> None:
    headers = {"idempotency-key": "enter-1"}
    first = await partner.http.post(f"{PATH}/mifos", json=MIFOS, headers=headers)
    second = await partner.http.post(f"{PATH}/mifos", json=MIFOS, headers=headers)
    assert first.content == second.content
    assert second.headers["idempotent-replayed"] == "true"
    await partner.world.dispatcher.drain()
    assert len(partner.world.dispatcher.started) == 1


@pytest.mark.parametrize(
    ("kind", "wrong", "pointer"),
    [
        ("mifos", {"host": "x"}, "/host"),
        ("mifos", {"password": ""}, "/password"),
        ("mifos", {"zone": "Mars/Base"}, "/zone"),
        ("mifos", {"url": "http://mifos.example/api"}, "/url"),
        ("mifos", {"url": "https://10.0.0.8/fineract-provider/api/v1"}, "/url"),
        ("mifos", {"url": "https://localhost/fineract-provider/api/v1"}, "/url"),
        ("mpesa_b2c", {"short_code": "60o100"}, "/short_code"),
        ("mpesa_c2b", {"initiator_password": None}, "/initiator_password"),
        ("mpesa_stk", {"transaction_type": "Bribe"}, "/transaction_type"),
        ("mpesa_b2c", {"password_set_on": "yesterday"}, "/password_set_on"),
        ("mpesa_b2c", {"password_set_on": "2099-01-01"}, "/password_set_on"),
    ],
)
async def test_a_wrong_field_is_named_and_its_value_is_not_repeated(
    partner: Partner, kind: str, wrong: dict[str, Any], pointer: str
) -> None:
    answer = await partner.enters(kind, **wrong)
    assert (answer.status_code, answer.json()["param"]) == (400, pointer)
    assert [secret for secret in SECRETS if secret in answer.text] == []


async def test_a_check_runs_again_only_when_the_last_one_ended(partner: Partner) -> None:
    await partner.enters("mifos")
    busy = await partner.http.post(f"{PATH}/mifos/check")
    partner.found("mifos", "valid")
    again = await partner.http.post(f"{PATH}/mifos/check")
    assert (busy.status_code, busy.json()["code"]) == (409, "check_in_progress")
    assert (again.json()["state"], again.json()["in_use"]) == ("checking", True)


async def test_an_initiator_is_not_entered_again_while_it_is_being_checked(
    partner: Partner,
) -> None:
    await partner.enters("mpesa_b2c")
    answers = [
        await partner.enters("mpesa_b2c"),
        await partner.enters("mpesa_b2c", initiator_password="another"),
    ]
    assert [answer.json()["code"] for answer in answers] == ["check_in_progress"] * 2
    await partner.world.dispatcher.drain()
    assert len(partner.world.dispatcher.started) == 1


async def test_an_initiator_entered_many_times_at_once_is_checked_once(partner: Partner) -> None:
    answers = await asyncio.gather(*(partner.enters("mpesa_b2c") for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]
    await partner.world.dispatcher.drain()
    assert len(partner.world.dispatcher.started) == 1


async def test_the_age_of_a_password_is_kept_until_the_password_changes(partner: Partner) -> None:
    said = await partner.enters("mpesa_b2c", password_set_on="2026-11-01")
    partner.found("mpesa_b2c", "valid")
    same = await partner.enters("mpesa_b2c")
    partner.found("mpesa_b2c", "valid")
    other = await partner.enters("mpesa_b2c", initiator_password="another")
    ends = [answer.json()["password_expires_at"] for answer in (said, same, other)]
    assert ends[0] == ends[1] == "2027-01-30T00:00:00.000Z"
    assert ends[2] > ends[1]


async def test_a_deleted_credential_leaves_nothing(partner: Partner) -> None:
    await partner.enters("mifos")
    first, second = [await partner.http.delete(f"{PATH}/mifos") for _ in range(2)]
    assert (first.status_code, second.status_code) == (204, 404)
    assert partner.world.sql("select 1 from credentials where org_id = %s", partner.org) == []


@pytest.mark.parametrize("path", ["mifos", "telegram"])
async def test_what_was_never_entered_is_not_found(partner: Partner, path: str) -> None:
    answers = [
        await partner.http.get(f"{PATH}/{path}"),
        await partner.http.post(f"{PATH}/{path}/check"),
        await partner.http.delete(f"{PATH}/{path}"),
    ]
    assert {answer.status_code for answer in answers} == {404}


async def test_waiting_answers_with_what_was_checked(partner: Partner) -> None:
    await partner.enters("mifos")
    checks = json.dumps([{"name": "sign_in", "passed": False, "detail": "refused"}])
    partner.found("mifos", "invalid", checks)
    shown = (await partner.http.get(f"{PATH}/mifos?wait=5")).json()
    assert shown["state"] == "invalid"
    assert [Check(**check) for check in shown["checks"]] == [
        Check(name="sign_in", passed=False, detail="refused")
    ]


async def test_while_the_keys_are_away_nothing_is_stored_and_it_may_be_sent_again(
    partner: Partner,
) -> None:
    kms = Kms()
    kms.down = True
    away = VaultTransit(
        address="http://vault.test", key="k", token=TOKEN, transport=httpx.ASGITransport(kms.app())
    )
    parts = partner.world.parts
    vault = Vault(parts.database, away)
    partner.world.app.state.parts = dataclasses.replace(parts, vault=vault)
    answer = await partner.enters("mifos")
    assert (answer.status_code, answer.json()["retryable"]) == (503, "same_key")
    assert partner.world.sql("select 1 from credentials where org_id = %s", partner.org) == []
    kms.down = False
    assert (await partner.enters("mifos")).status_code == 201


async def test_one_short_code_is_not_two_partners(partner: Partner) -> None:
    """Naming another's short code keeps nobody from it: only a proof does."""
    other = Partner(partner.world)
    for one in (partner, other):
        assert (await one.enters("mpesa_c2b")).status_code == 201
    partner.found("mpesa_c2b", "valid")
    with pytest.raises(Exception, match="credentials_short_code"):
        other.found("mpesa_c2b", "valid")
    assert MPESA["short_code"] == "600100"
