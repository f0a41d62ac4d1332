"""Float purchases over HTTP: quoted, checked, claimed, and sent a code."""

import re
from typing import Any

import pytest

from tests.api.float_world import FLOAT, TOTAL, Buyer


@pytest.fixture
async def buyer(world: Any) -> Buyer:
    """A partner with everything it takes."""
    return await Buyer(world).ready()


async def test_a_purchase_is_quoted_line_by_line_and_waits_for_its_code(buyer: Buyer) -> None:
    made = await buyer.bought()
    assert (made["object"], made["status"], made["amount"]) == (
        "float_purchase", "otp_pending", FLOAT,
    )  # fmt: skip
    assert (made["transfer_fee"], made["processing_fee"]) == (0, 3_000)
    assert (made["total"], made["short_code"]) == (TOTAL, buyer.short_code)


async def test_the_banks_transfer_is_quoted_and_charged_where_one_is_made(
    world: Any, buyer: Buyer
) -> None:
    other = world.parts.bank.model_copy(update={"float_account": "77446"})
    object.__setattr__(world.parts, "bank", other)
    asked = f"/v1/charges/quote?for=float_purchase&amount={FLOAT}"
    quoted = (await buyer.http.get(asked)).json()
    made = await buyer.bought()
    assert (made["transfer_fee"], made["processing_fee"]) == (5_000, 3_000)
    assert made["total"] == quoted["wallet_total"] == TOTAL + 5_000


async def test_the_code_goes_to_phone_and_mail_at_once(buyer: Buyer) -> None:
    made = await buyer.bought()
    sent = await buyer.texts()
    assert sorted((event, channel) for event, channel, _ in sent) == [
        ("otp", "email"),
        ("otp", "sms"),
    ]
    code = await buyer.code()
    assert all(code in text and "KES 50,000" in text for _, _, text in sent)
    assert all(buyer.short_code in text for _, _, text in sent)
    assert made["codes_sent"] == 1


async def test_the_code_stands_in_no_row_and_no_answer(buyer: Buyer) -> None:
    made = await buyer.ask()
    code = await buyer.code()
    alone = re.compile(rf"(?<![0-9A-Za-z.]){code}(?![0-9A-Za-z])")
    assert not alone.search(buyer.everything_in_clear())
    assert not alone.search(made.text)


async def test_nothing_is_held_before_the_code_was_right(buyer: Buyer) -> None:
    await buyer.bought()
    wallet = (await buyer.http.get("/v1/wallet")).json()
    assert (wallet["available"], wallet["held"]) == (10_000_000, 0)


async def test_the_saga_is_accepted_with_its_start(world: Any, buyer: Buyer) -> None:
    made = await buyer.bought()
    assert world.sql("select kind from starts where id = %s", made["id"]) == [("float-purchase",)]
    await world.dispatcher.drain()
    assert [start.workflow_id for start in world.dispatcher.started] == [made["id"]]


async def test_the_same_key_buys_once_and_sends_one_code(world: Any, buyer: Buyer) -> None:
    first = await buyer.ask(key="k-1", reference="r-1")
    again = await buyer.ask(key="k-1", reference="r-1")
    assert first.content == again.content
    assert (world.count("sagas"), world.count("otps"), world.count("messages")) == (1, 1, 2)


async def test_a_wallet_that_is_too_small_is_told_what_is_missing(world: Any) -> None:
    buyer = await Buyer(world).ready(1_000_000)
    answer = (await buyer.ask()).json()
    assert (answer["status"], answer["code"]) == (409, "wallet_insufficient")
    assert (answer["available"], answer["missing"]) == ("1000000", str(TOTAL - 1_000_000))
    assert (world.count("sagas"), world.count("otps"), world.count("messages")) == (0, 0, 0)


async def test_one_purchase_at_a_time_for_a_short_code(buyer: Buyer) -> None:
    made = await buyer.bought()
    answer = (await buyer.ask()).json()
    assert (answer["code"], answer["purchase"]) == ("float_purchase_open", made["id"])


async def test_a_reference_is_used_once(world: Any, buyer: Buyer) -> None:
    await buyer.ask(reference="r-7")
    world.sql("update sagas set claim = null where org_id = %s", world.org)
    assert (await buyer.ask(reference="r-7")).json()["code"] == "float_reference_in_use"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"approver": "usr_01jd3m4n5p6q7r8s9t0v1w2x3y"}, "/approver"),
        ({"approver": "somebody"}, "/approver"),
        ({"amount": 0}, "/amount"),
        ({"amount": 150}, "/amount"),
        ({"currency": "UGX"}, "/currency"),
        ({"short_code": "999999"}, "/short_code"),
        ({"reference": ""}, "/reference"),
    ],
)
async def test_a_wrong_request_names_its_field(
    buyer: Buyer, changes: dict[str, Any], pointer: str
) -> None:
    answer = await buyer.ask(**changes)
    assert (answer.status_code, answer.json()["param"]) == (400, pointer)


async def test_an_approver_who_is_not_active_approves_nothing(buyer: Buyer) -> None:
    await buyer.http.patch(f"/v1/authorised_users/{buyer.approver}", json={"active": False})
    assert (await buyer.ask()).json()["param"] == "/approver"


async def test_without_a_short_code_there_is_nothing_to_buy_for(world: Any) -> None:
    buyer = await Buyer(world).ready()
    world.sql("update credentials set usable = false where org_id = %s", world.org)
    assert (await buyer.ask()).json()["code"] == "no_valid_credential"


async def test_a_day_has_its_cap(world: Any, buyer: Buyer) -> None:
    world.parts.settings.float_per_day = FLOAT + 100
    await buyer.bought()
    world.sql("update sagas set claim = null, state = 'settled' where org_id = %s", world.org)
    answer = (await buyer.ask(amount=200)).json()
    assert (answer["code"], answer["left"]) == ("float_cap_reached", "100")
    world.sql("update sagas set state = 'expired' where org_id = %s", world.org)
    assert (await buyer.ask(amount=200)).status_code == 201


async def test_an_hour_has_its_codes(world: Any, buyer: Buyer) -> None:
    world.parts.settings.otps_per_hour = 1
    await buyer.bought()
    world.sql("update sagas set claim = null where org_id = %s", world.org)
    assert (await buyer.ask()).json()["code"] == "rate_limited"
    buyer.later(3601)
    assert (await buyer.ask()).status_code == 201


async def test_purchases_are_listed_and_told(buyer: Buyer) -> None:
    made = await buyer.bought()
    page = (await buyer.http.get("/v1/float-purchases?status=otp_pending")).json()
    assert page["data"] == [made]
    assert (await buyer.http.get(f"/v1/float-purchases/{made['id']}")).json() == made
    story = (await buyer.http.get(f"/v1/float-purchases/{made['id']}/timeline")).json()["data"]
    assert sorted(item["kind"] for item in story) == ["event", "notice", "notice", "transition"]
