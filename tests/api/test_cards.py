"""Card numbers are refused wherever they are written, and only card numbers."""

from typing import Any

import pytest

from api.cards import refuse_card_numbers
from api.errors import CardNumberRefused
from api.keys import OPERATOR
from models import ids
from models.card_numbers import holds_card_number

VISA, MASTERCARD, AMEX, VERVE = (
    "4111111111111111",
    "5555555555554444",
    "378282246310005",
    "5060990580000217499",
)


@pytest.mark.parametrize(
    "document",
    [
        VISA,
        MASTERCARD,
        "2223003122003222",
        AMEX,
        VERVE,
        "6011111111111117",
        "3530111333300000",
        "30569309025904",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        f"card:{VISA}, thanks",
        f"{VISA} 123",
        f"21 {VISA} 12/27",
        "4111 1111 1111 1111 12 27",
        "4111  1111  1111  1111",
        "4111_1111_1111_1111",
        "4111/1111/1111/1111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "4111\u200b1111\u200b1111\u200b1111",
        {"metadata": {"note": VISA}},
        {VISA: "a name"},
        [None, ["deep", {"er": VISA}]],
        4111111111111111,
    ],
)
def test_a_card_number_is_refused(document: Any) -> None:
    with pytest.raises(CardNumberRefused) as refused:
        refuse_card_numbers(document)
    assert "1111" not in str(refused.value)


@pytest.mark.parametrize(
    "document",
    [
        "+254712345678",
        "2347012345678",
        "4111111111111112",
        "9111111111111111",
        "41111111111111111111111",
        "order 2024-11-21 10:15",
        {"amount": 125_000, "paid": True, "note": None},
        "411111111111",
    ],
)
def test_what_is_not_a_card_number_passes(document: Any) -> None:
    assert not holds_card_number(document)


async def test_a_session_with_a_card_number_is_not_accepted(world: Any) -> None:
    answer = await world.create(description=f"card {VISA}")
    assert (answer.status_code, answer.json()["code"]) == (400, "card_number_refused")
    assert VISA not in answer.text
    assert world.count("checkouts") == 0


async def test_a_card_number_as_key_is_not_kept(world: Any) -> None:
    answer = await world.create(VISA)
    assert answer.json()["code"] == "card_number_refused"
    assert world.count("idempotency_keys") == 0


async def test_nor_is_it_where_no_key_is_asked_for(world: Any) -> None:
    operator = world.client(world.make_key(scopes=(OPERATOR,), principal="op.a"))
    resolved = await operator.post(
        f"/v1/operator/payments/{ids.mint(ids.PAYMENT)}/resolve",
        json={"outcome": "failed", "reason": f"card {VISA}", "evidence": "a letter"},
    )
    policy = await operator.put("/v1/payout_policy", json={"bank": {"account": VISA}})
    sent = await world.http.post(
        "/v1/payout_batches",
        params={"currency": "KES", "reference": VISA},
        content="phone,amount\n+254712000001,1500\n",
        headers={"content-type": "text/csv", "idempotency-key": "one"},
    )
    answers = [resolved, policy, sent]
    assert {one.json()["code"] for one in answers} == {"card_number_refused"}
    assert VISA not in "".join(one.text for one in answers)
    assert world.count("sagas") == 0


async def test_what_is_no_json_is_read_by_whoever_takes_it(world: Any) -> None:
    answer = await world.http.post(
        "/v1/checkouts", content="{not json", headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")
