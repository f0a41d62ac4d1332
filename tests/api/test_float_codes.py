"""Guesses at a code over HTTP: counted first, five at most, and one of them right."""

from typing import Any

import pytest

from tests.api.float_world import Buyer


@pytest.fixture
async def buyer(world: Any) -> Buyer:
    """A partner with everything it takes."""
    return await Buyer(world).ready()


async def test_the_right_code_is_told_to_the_saga_as_it_is_spent(world: Any, buyer: Buyer) -> None:
    made = await buyer.bought()
    answer = await buyer.guess(made, await buyer.code())
    assert (answer.status_code, answer.json()["id"]) == (200, made["id"])
    assert buyer.told() == [{"word": "verified", "to": made["id"]}]
    assert buyer.otp("spent_at is not null, tries") == (True, 1)
    await world.dispatcher.drain()
    assert len(world.parts.vault_inbox.delivered) == 1


async def test_a_wrong_code_is_counted_and_told_how_many_are_left(buyer: Buyer) -> None:
    made = await buyer.bought()
    for left in (4, 3):
        answer = await buyer.guess(made, (await buyer.wrong())[0])
        assert (answer.status_code, answer.json()["code"]) == (422, "otp_wrong")
        assert answer.json()["tries_left"] == str(left)
    assert buyer.told() == []


async def test_the_fifth_wrong_code_locks_and_the_right_one_comes_too_late(buyer: Buyer) -> None:
    made = await buyer.bought()
    for code in await buyer.wrong(5):
        last = await buyer.guess(made, code)
    assert last.json()["tries_left"] == "0"
    late = await buyer.guess(made, await buyer.code())
    assert (late.status_code, late.json()["code"]) == (409, "otp_locked")
    assert [one["word"] for one in buyer.told()] == ["locked"]


async def test_of_two_hundred_guesses_at_once_five_are_compared(buyer: Buyer) -> None:
    made = await buyer.bought()
    answers = await buyer.guesses(made, await buyer.wrong(200))
    codes = [answer.json()["code"] for answer in answers]
    assert (codes.count("otp_wrong"), codes.count("otp_locked")) == (5, 195)
    assert buyer.otp("tries") == (5,)


async def test_the_right_code_sent_often_at_once_is_spent_once(buyer: Buyer) -> None:
    made = await buyer.bought()
    answers = await buyer.guesses(made, [await buyer.code()] * 20)
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 19]
    assert len(buyer.told()) == 1


async def test_the_same_request_again_is_no_second_guess(buyer: Buyer) -> None:
    made, code = await buyer.bought(), await buyer.code()
    first = await buyer.guess(made, code, "k-1")
    again = await buyer.guess(made, code, "k-1")
    assert (again.status_code, again.content) == (200, first.content)
    assert buyer.otp("tries") == (1,)


async def test_a_code_is_good_for_five_minutes(buyer: Buyer) -> None:
    made = await buyer.bought()
    buyer.later(301)
    answer = await buyer.guess(made, await buyer.code())
    assert (answer.status_code, answer.json()["code"]) == (409, "otp_expired")
    assert buyer.otp("tries") == (0,)


async def test_a_used_code_is_not_used_again(buyer: Buyer) -> None:
    made, code = await buyer.bought(), await buyer.code()
    await buyer.guess(made, code)
    assert (await buyer.guess(made, code)).json()["code"] == "otp_used"


async def test_a_code_of_another_amount_is_no_code(world: Any, buyer: Buyer) -> None:
    made, code = await buyer.bought(), await buyer.code()
    world.sql("update sagas set amount = amount + 100 where org_id = %s", world.org)
    assert (await buyer.guess(made, code)).json()["code"] == "otp_wrong"


async def test_another_code_comes_after_a_minute_and_voids_the_first(buyer: Buyer) -> None:
    made, first = await buyer.bought(), await buyer.code()
    soon = await buyer.act(made, "otp/resend")
    assert (soon.status_code, int(soon.headers["retry-after"]) > 50) == (429, True)
    buyer.later(61)
    assert (await buyer.act(made, "otp/resend")).json()["codes_sent"] == 2
    second = await buyer.code()
    if first != second:  # one in a million
        assert (await buyer.guess(made, first)).json()["code"] == "otp_wrong"
    assert (await buyer.guess(made, second)).status_code == 200


async def test_a_purchase_sends_four_codes_at_most(buyer: Buyer) -> None:
    made = await buyer.bought()
    for number in (2, 3, 4):
        buyer.later(61)
        assert (await buyer.act(made, "otp/resend")).json()["codes_sent"] == number
    buyer.later(61)
    assert (await buyer.act(made, "otp/resend")).json()["code"] == "too_many_otps"


async def test_a_locked_purchase_sends_no_other_code(buyer: Buyer) -> None:
    made = await buyer.bought()
    await buyer.guesses(made, await buyer.wrong(5))
    buyer.later(61)
    assert (await buyer.act(made, "otp/resend")).json()["code"] == "otp_locked"


async def test_a_canceled_purchase_takes_no_code(buyer: Buyer) -> None:
    made = await buyer.bought()
    assert (await buyer.act(made, "cancel")).status_code == 200
    assert [one["word"] for one in buyer.told()] == ["canceled"]
    assert (await buyer.guess(made, await buyer.code())).json()["code"] == "otp_locked"


async def test_an_approved_purchase_is_not_canceled(buyer: Buyer) -> None:
    made = await buyer.bought()
    await buyer.guess(made, await buyer.code())
    answer = await buyer.act(made, "cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "otp_used")


async def test_another_partners_purchase_is_not_there(world: Any, buyer: Buyer) -> None:
    made, code = await buyer.bought(), await buyer.code()
    key = world.make_key(world.make_org(), scopes=("float:write",))
    headers = {"idempotency-key": "k"}
    answer = await world.client(key).post(
        f"/v1/float-purchases/{made['id']}/otp", json={"code": code}, headers=headers
    )
    assert (answer.status_code, buyer.otp("tries")) == (404, (0,))


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "١٢٣٤٥٦", ""])
async def test_what_is_no_code_is_no_guess(buyer: Buyer, code: str) -> None:
    made = await buyer.bought()
    assert (await buyer.guess(made, code)).status_code == 400
    assert buyer.otp("tries") == (0,)
