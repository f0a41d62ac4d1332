"""What the bank is sent, field by field, and what its answers become."""

import json
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from models.banking import BankTransfer, FloatPurchase
from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.contract import Ambiguous, Unreachable
from providers.ncba.client import FLOAT, TRANSFER, USER_AGENT
from tests.providers.ncba.bank_line import BASE, PAGE, PURCHASE, Bank, Play, a_client, json_

P, S, R, U = Verdict.PENDING, Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN
TRANSFER_ORDER = BankTransfer(
    reference="fp_01JABC-t",
    amount=Money(150_050, "KES"),
    account="7744510018",
    to_account="7744510026",
    to_name="Kauri Pool",
    narration="to the pool",
)


async def buy(*plays: Play, tokens: tuple[Play, ...] = ()) -> tuple[Reading, Bank]:
    client, bank = a_client(*plays, tokens=tokens)
    return await client.buy_float(PURCHASE), bank


ACCEPTED = json_(hdrRefNo="fp_01JABC", hdrTranId="FT26", resErrorCode="000", resErrorMessage="ok")


async def test_a_float_purchase_carries_one_reference_everywhere() -> None:
    reading, bank = await buy(ACCEPTED)
    (sent,) = bank.sent
    assert (sent.method, sent.url.path) == ("POST", BASE + FLOAT)
    headers = {
        "Authorization": "Bearer canary-token",
        "Ocp-Apim-Subscription-Key": "canary-key",
        "User-Agent": USER_AGENT,
    }
    assert {name: sent.headers[name] for name in headers} == headers
    assert json.loads(sent.content) == {
        "reqAgentName": "Acm Sons Ltd",
        "reqCreditAmount": "1000",
        "reqCustomerReference": "fp_01JABC",
        "reqDealReference": "fp_01JABC",
        "reqDebitAccountNumber": "7744510018",
        "reqDebitAcCurrency": "KES",
        "reqDebitAmount": "1000",
        "reqMobileNumber": "254712000001",
        "reqPayBillTillNo": "4120187",
        "reqPaymentDescription": "B2C float purchase",
        "reqPaymentType": "FloatPurchase",
        "reqToAccountName": "Acm Sons Ltd",
        "reqTransactionReferenceNo": "fp_01JABC",
        "reqTxnDate": "20261121",
        "senderCountry": "Kenya",
    }
    assert (reading.verdict, reading.our_reference) == (P, "fp_01JABC")
    assert reading.provider_reference == "FT26"


async def test_the_token_is_fetched_with_user_password_and_key_under_the_whole_path() -> None:
    _, bank = await buy(ACCEPTED)
    (asked,) = bank.token_calls
    assert asked.url.path == f"{BASE}/api/v1/Auth/generate-token"
    assert json.loads(asked.content) == {"userID": "canary-user", "password": "canary-password"}
    assert asked.headers["Ocp-Apim-Subscription-Key"] == "canary-key"
    assert asked.headers["User-Agent"] == USER_AGENT


@pytest.mark.parametrize("name", ["accessToken", "access_token", "tokenID", "token"])
async def test_a_token_may_stand_under_four_names(name: str) -> None:
    _, bank = await buy(ACCEPTED, tokens=(json_(**{name: "t1"}),))
    assert bank.sent[0].headers["Authorization"] == "Bearer t1"


async def test_a_token_serves_many_calls() -> None:
    client, bank = a_client(ACCEPTED, json_(availableBalance="1.00"))
    await client.buy_float(PURCHASE)
    await client.balance("7744510018")
    assert len(bank.token_calls) == 1


async def test_a_dead_token_is_renewed_once() -> None:
    reading, bank = await buy(
        json_(401, message="expired"), ACCEPTED, tokens=(json_(token="t1"), json_(token="t2"))
    )
    assert reading.verdict is P
    assert [one.headers["Authorization"] for one in bank.sent] == ["Bearer t1", "Bearer t2"]


async def test_a_token_refused_twice_is_a_refusal_before_acting() -> None:
    dead = json_(401, message="expired")
    reading, bank = await buy(dead, dead)
    assert (reading.verdict, reading.reason, reading.retryable) == (R, Reason.CREDENTIALS, True)
    assert len(bank.sent) == 2


@pytest.mark.parametrize(
    ("token", "reason", "retryable"),
    [
        (json_(401, message="Invalid credentials"), Reason.CREDENTIALS, False),
        (httpx.Response(403, content=PAGE), Reason.CONFIGURATION, True),
        (httpx.Response(200, content=PAGE), Reason.CONFIGURATION, True),
    ],
)
async def test_without_a_token_nothing_is_sent_and_the_reason_is_told(
    token: httpx.Response, reason: Reason, retryable: bool
) -> None:
    reading, bank = await buy(tokens=(token,))
    assert (reading.verdict, reading.reason, reading.retryable) == (R, reason, retryable)
    assert bank.sent == []


@pytest.mark.parametrize(
    "token",
    [httpx.ReadTimeout("lost"), json_(500, message="Error"), json_(429), httpx.Response(200)],
)
async def test_a_token_that_does_not_come_means_the_order_never_left(token: Play) -> None:
    with pytest.raises(Unreachable):
        await buy(tokens=(token,))


def core(code: str, words: str) -> httpx.Response:
    return json_(resErrorCode=code, resErrorMessage=words)


@pytest.mark.parametrize(
    ("answer", "verdict", "reason", "retryable"),
    [
        (core("116", "Insufficient funds"), R, Reason.INSUFFICIENT_FUNDS, False),
        (core("999", "No"), R, Reason.DECLINED, False),
        (core("094", "Duplicate reference"), U, Reason.DUPLICATE, False),
        (core("909", "Request timed out"), U, Reason.NO_ANSWER, False),
        (json_(400, resErrorMessage="Invalid date"), R, Reason.BAD_REQUEST, False),
        (json_(400, message="Duplicate reference"), U, Reason.DUPLICATE, False),
        (httpx.Response(403, content=PAGE), R, Reason.CONFIGURATION, True),
        (json_(403, message="Forbidden"), R, Reason.CONFIGURATION, True),
        (httpx.Response(200, content=PAGE), R, Reason.CONFIGURATION, True),
        (json_(404, message="Resource not found"), R, Reason.CONFIGURATION, False),
        (json_(409, message="Conflict"), U, Reason.DUPLICATE, False),
        (json_(429, message="Rate limit is exceeded"), R, Reason.RATE_LIMITED, True),
        (json_(500, message="Error"), U, Reason.PROVIDER_ERROR, False),
        (json_(504, resErrorCode="000"), U, Reason.PROVIDER_ERROR, False),
        (httpx.Response(502, content=PAGE), U, Reason.UNREADABLE, False),
        (httpx.Response(200, content=b"<html>oops</html>"), U, Reason.UNREADABLE, False),
        (httpx.Response(200, content=b'{"resErrorCode":"00'), U, Reason.UNREADABLE, False),
        (httpx.Response(200), U, Reason.UNREADABLE, False),
        (json_(message="Success"), U, Reason.UNREADABLE, False),
    ],
)  # fmt: skip
async def test_every_kind_of_no_is_classified(
    answer: httpx.Response, verdict: Verdict, reason: Reason, retryable: bool
) -> None:
    reading, _ = await buy(answer)
    assert (reading.verdict, reading.reason, reading.retryable) == (verdict, reason, retryable)


@pytest.mark.parametrize(
    "lost", [httpx.ReadTimeout("x"), httpx.ReadError("x"), httpx.WriteError("x")]
)
async def test_a_lost_answer_is_ambiguous_and_nothing_is_sent_again(lost: Exception) -> None:
    client, bank = a_client(lost)
    with pytest.raises(Ambiguous) as told:
        await client.buy_float(PURCHASE)
    assert len(bank.sent) == 1
    assert "canary" not in str(told.value)


async def test_a_line_that_never_opened_is_unreachable() -> None:
    client, _ = a_client(httpx.ConnectError("x"))
    with pytest.raises(Unreachable):
        await client.transfer(TRANSFER_ORDER)


async def test_a_transfer_is_done_when_the_bank_says_000() -> None:
    client, bank = a_client(
        json_(resultCode="000", TransactionID="fp_01JABC-t", BankReference="FT9")
    )
    reading = await client.transfer(TRANSFER_ORDER)
    assert bank.sent[0].url.path == BASE + TRANSFER
    assert json.loads(bank.sent[0].content) == {
        "BeneficiaryAccountNumber": "7744510026",
        "BeneficiaryName": "Kauri Pool",
        "Amount": "1500.50",
        "Currency": "KES",
        "Narration": "fp_01JABC-t to the pool",
        "SenderAccountNumber": "7744510018",
        "SenderCIF": "774451",
        "SenderCountry": "Kenya",
        "TransactionID": "fp_01JABC-t",
    }
    assert (reading.verdict, reading.provider_reference) == (S, "FT9")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda o: replace(o, reference="fp 1"),
        lambda o: replace(o, reference="x" * 36),
        lambda o: replace(o, amount=Money(0, "KES")),
        lambda o: replace(o, amount=Money(100_050, "KES")),
        lambda o: replace(o, amount=Money(1000, "XAF")),
        lambda o: replace(o, short_code="41"),
        lambda o: replace(o, account="abc"),
        lambda o: replace(o, phone="+254712000001"),
    ],
)
async def test_what_the_rail_cannot_carry_is_refused_unsent(
    spoil: Callable[[FloatPurchase], FloatPurchase],
) -> None:
    client, bank = a_client()
    reading = await client.buy_float(spoil(PURCHASE))
    assert (reading.verdict, reading.reason) == (R, Reason.BAD_REQUEST)
    assert (bank.sent, bank.token_calls) == ([], [])


async def test_a_transfer_to_itself_is_refused_unsent() -> None:
    client, bank = a_client()
    reading = await client.transfer(replace(TRANSFER_ORDER, to_account="7744510018"))
    assert (reading.verdict, bank.sent) == (R, [])
