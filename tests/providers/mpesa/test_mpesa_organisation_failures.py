"""Every call of an organisation: what a failed answer, or none, says of its money."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from models.reading import Reading, Reason, Verdict
from providers.contract import Ambiguous, ProviderError, Unreachable
from providers.mpesa.organisation import MpesaOrganisation
from tests.providers.mpesa.organisations import (
    URLS,
    a_payout,
    a_reversal,
    a_transfer,
    organisation,
    taken,
)
from tests.providers.sheets.mpesa import SHEET, error
from tests.providers.sheets.sheet import Wire

Call = Callable[[MpesaOrganisation], Awaitable[Reading]]
MOVES: dict[str, Call] = {
    "pay": lambda client: client.pay(a_payout()),
    "transfer": lambda client: client.transfer(a_transfer()),
    "reverse": lambda client: client.reverse(a_reversal()),
}
QUESTIONS: dict[str, Call] = {
    "ask": lambda client: client.ask(reference="K1", **URLS),
    "balance": lambda client: client.balance(**URLS),
}
ALL = {**MOVES, **QUESTIONS}
EVERY = pytest.mark.parametrize("call", ALL.values(), ids=ALL)
EVERY_MOVE = pytest.mark.parametrize("call", MOVES.values(), ids=MOVES)
STALE = error(404, "404.001.03", "Invalid Access Token")


@pytest.mark.parametrize(
    ("wire", "verdict", "reason", "again"),
    [
        (
            error(500, "500.002.1001", "Duplicate OriginatorConversationID."),
            Verdict.UNKNOWN,
            Reason.DUPLICATE,
            False,
        ),
        (
            error(500, "500.002.1001", "System internal error"),
            Verdict.UNKNOWN,
            Reason.PROVIDER_ERROR,
            False,
        ),
        (error(500, "500.003.02", "System is busy"), Verdict.REFUSED, Reason.RATE_LIMITED, True),
        (error(429, "500.003.02", "Spike arrest"), Verdict.REFUSED, Reason.RATE_LIMITED, True),
        (error(500, "500.003.03", "Quota"), Verdict.REFUSED, Reason.RATE_LIMITED, True),
        (error(400, "400.002.02", "Invalid PartyB"), Verdict.REFUSED, Reason.BAD_REQUEST, False),
        (error(404, "404.002.01", "not found"), Verdict.REFUSED, Reason.CONFIGURATION, False),
        (Wire(status=200, body=b"<html>"), Verdict.UNKNOWN, Reason.UNREADABLE, False),
        (Wire(status=502, body=b"<html>"), Verdict.UNKNOWN, Reason.UNREADABLE, False),
        (taken(ResponseCode="1"), Verdict.UNKNOWN, Reason.PROVIDER_ERROR, False),
    ],
)
@EVERY_MOVE
async def test_every_answer_to_a_call_that_moves_money_is_classified_and_none_repeated(
    call: Call, wire: Wire, verdict: Verdict, reason: Reason, again: bool
) -> None:
    client, rail = organisation(wire)
    reading = await call(client)
    assert (reading.verdict, reading.reason, reading.retryable) == (verdict, reason, again)
    assert len(rail.sent) == 1


@EVERY
async def test_a_refused_token_is_renewed_once_and_the_same_call_repeated(call: Call) -> None:
    client, rail = organisation(STALE, taken(), tokens=(SHEET.token, SHEET.token))
    reading = await call(client)
    assert reading.reason is None
    assert rail.token_calls == 2
    assert rail.sent[0].content == rail.sent[1].content


@EVERY
async def test_a_token_refused_twice_is_told_and_never_tried_again(call: Call) -> None:
    client, rail = organisation(STALE, STALE, tokens=(SHEET.token, SHEET.token))
    reading = await call(client)
    assert reading.reason is Reason.CREDENTIALS
    assert len(rail.sent) == 2


@EVERY
async def test_wrong_keys_are_a_reading_and_nothing_else_is_sent(call: Call) -> None:
    client, rail = organisation(tokens=(SHEET.no_token,))
    reading = await call(client)
    assert (reading.reason, reading.retryable) == (Reason.CREDENTIALS, False)
    assert rail.sent == []


@EVERY
@pytest.mark.parametrize(
    ("failure", "meaning"),
    [
        (httpx.ConnectError("refused"), Unreachable),
        (httpx.ConnectTimeout("slow"), Unreachable),
        (httpx.PoolTimeout("full"), Unreachable),
        (httpx.ReadTimeout("slow"), Ambiguous),
        (httpx.ReadError("reset"), Ambiguous),
        (httpx.WriteError("reset"), Ambiguous),
        (httpx.RemoteProtocolError("gone"), Ambiguous),
    ],
)
async def test_a_failure_says_whether_the_call_may_have_arrived(
    call: Call, failure: Exception, meaning: type[ProviderError]
) -> None:
    client, rail = organisation(failure)
    with pytest.raises(meaning) as told:
        await call(client)
    assert len(rail.sent) == 1
    assert "254712000111" not in str(told.value)


@EVERY
async def test_a_lost_token_call_cannot_have_moved_money(call: Call) -> None:
    client, rail = organisation(tokens=(httpx.ReadTimeout("slow"),))
    with pytest.raises(Unreachable):
        await call(client)
    assert rail.sent == []


async def test_a_refused_question_says_nothing_about_the_money() -> None:
    client, _ = organisation(error(400, "400.002.02", "Invalid TransactionID"))
    reading = await client.ask(receipt="X", **URLS)
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.BAD_REQUEST)
