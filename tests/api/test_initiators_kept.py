"""A wrong password is not tried again by entering it another way; a right one is not held up."""

from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from activities.initiator_tries import InitiatorTries
from models import ids
from models.credential_check import Check, CheckOrder
from models.credentials import MpesaFields
from tests.api.partner_world import MPESA, Partner

PATH = "/v1/credentials"


@pytest.fixture
def partner(world: Any) -> Partner:
    world.sql("delete from initiator_tries")
    return Partner(world)


async def checked(partner: Partner, kind: str = "mpesa_b2c", *, passed: bool | None) -> None:
    """What the check of the credential that was entered leaves behind."""
    parts = partner.world.parts
    tries = InitiatorTries(parts.database, parts.settings.initiator_pepper)
    order = CheckOrder(
        credential_id=ids.mint(ids.CREDENTIAL),
        org_id=ids.shown(ids.ORG, partner.org),
        livemode=False,
        kind=kind,
        version=1,
    )
    secrets = {name: SecretStr(MPESA[name]) for name in MPESA if name.startswith("consumer")}
    password = SecretStr(MPESA["initiator_password"])
    entered: dict[str, Any] = {**MPESA, **secrets, "initiator_password": password}
    assert await tries.claim(order, MpesaFields(**entered)) is None
    await tries.told(order, [Check(name="initiator", passed=passed)])
    partner.found(kind, "valid" if passed else "invalid")


def code(answer: httpx.Response) -> Any:
    return answer.json().get("code", answer.status_code)


async def test_a_password_that_was_refused_is_not_tried_again(partner: Partner) -> None:
    await partner.enters("mpesa_b2c")
    await checked(partner, passed=False)
    answers = [
        await partner.http.post(f"{PATH}/mpesa_b2c/check"),
        await partner.enters("mpesa_b2c"),
        await partner.enters("mpesa_b2c", initiator_password="the right one"),
    ]
    assert [code(answer) for answer in answers] == [
        "initiator_would_lock", "initiator_would_lock", 200,
    ]  # fmt: skip
    assert "M-Pesa refused" in answers[0].json()["detail"]


async def test_deleting_a_credential_does_not_forget_what_was_refused(partner: Partner) -> None:
    await partner.enters("mpesa_b2c")
    await checked(partner, passed=False)
    await partner.http.delete(f"{PATH}/mpesa_b2c")
    again = await partner.enters("mpesa_b2c")
    other = await partner.enters("mpesa_b2c", initiator_password="another")
    assert (code(again), code(other)) == ("initiator_would_lock", 201)


async def test_the_same_initiator_is_not_tried_for_another_purpose_or_partner(
    partner: Partner,
) -> None:
    await partner.enters("mpesa_b2c")
    await checked(partner, passed=False)
    stranger = Partner(partner.world)
    answers = [
        await partner.enters("mpesa_c2b"),
        await partner.enters("mpesa_c2b", short_code="600200"),
        await stranger.enters("mpesa_b2c"),
    ]
    assert [code(answer) for answer in answers] == ["initiator_would_lock"] * 3


async def test_a_password_set_anew_at_safaricom_is_tried_when_asked_for(partner: Partner) -> None:
    await partner.enters("mpesa_b2c")
    await checked(partner, passed=False)
    key = {"idempotency-key": ids.mint("idem")}
    answers = [
        await partner.http.post(f"{PATH}/mpesa_b2c?try_again=true", json=MPESA, headers=key),
        await partner.http.post(f"{PATH}/mpesa_b2c/check?try_again=true"),
    ]
    await partner.world.dispatcher.drain()
    assert [code(answer) for answer in answers] == [200, "check_in_progress"]
    assert partner.world.dispatcher.started[-1].order.anew is True


async def test_a_password_nothing_was_heard_of_needs_a_word_too(partner: Partner) -> None:
    await partner.enters("mpesa_b2c")
    await checked(partner, passed=None)
    partner.world.sql("update initiator_tries set tried_at = now() - interval '4 minutes'")
    again = await partner.http.post(f"{PATH}/mpesa_b2c/check")
    asked = await partner.http.post(f"{PATH}/mpesa_b2c/check?try_again=true")
    assert (code(again), asked.status_code) == ("initiator_would_lock", 200)


async def test_a_right_password_is_entered_for_both_short_codes_and_checked_again(
    partner: Partner,
) -> None:
    await partner.enters("mpesa_b2c")
    await checked(partner, passed=True)
    both = await partner.enters("mpesa_c2b")
    again = await partner.http.post(f"{PATH}/mpesa_b2c/check")
    assert (both.status_code, again.status_code) == (201, 200)


async def test_a_repeat_is_answered_as_before_whatever_mpesa_said_meanwhile(
    partner: Partner,
) -> None:
    async def thrice(path: str, key: dict[str, str]) -> list[httpx.Response]:
        where, body = f"{PATH}/{path}", MPESA if path == "mpesa_b2c" else None
        at_once = [await partner.http.post(where, json=body, headers=key) for _ in range(2)]
        await checked(partner, passed=False)
        return [*at_once, await partner.http.post(where, json=body, headers=key)]

    for path, status in (("mpesa_b2c", 201), ("mpesa_b2c/check", 200)):
        first, *repeats = await thrice(path, {"idempotency-key": ids.mint("idem")})
        partner.world.sql("delete from initiator_tries")
        assert first.status_code == status
        assert [one.content for one in repeats] == [first.content] * 2
        assert all(one.headers["idempotent-replayed"] == "true" for one in repeats)
