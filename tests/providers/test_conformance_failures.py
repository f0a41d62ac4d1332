"""Every provider: each transport failure says whether money may have moved, and only that."""

from collections.abc import AsyncIterator

import httpx
import pytest

from models.reading import Reason, Verdict
from providers.contract import Ambiguous, ProviderError, Unreachable
from providers.wire import MAX_BODY
from tests.providers.sheets.failures import FAILURES, LEFT, NAMES, NEVER_LEFT
from tests.providers.sheets.sheet import Play, Sheet, Wire, on


class _Cut(httpx.AsyncByteStream):
    """Half an answer, then a reset."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"half":'
        raise httpx.ReadError("reset")


@pytest.mark.parametrize(("failure", "meaning"), FAILURES, ids=NAMES)
async def test_a_failure_says_whether_the_request_may_have_arrived(
    sheet: Sheet, failure: Exception, meaning: type[ProviderError]
) -> None:
    client, rail = on(sheet, failure, failure)
    with pytest.raises(meaning):
        await client.prompt(sheet.charge)
    with pytest.raises(meaning):
        await client.inquire(sheet.charge)
    assert len(rail.sent) == 2, "one call each: no failure is repeated behind the caller's back"


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize(("failure", "meaning"), FAILURES, ids=NAMES)
async def test_after_a_failure_asking_tells_the_verdict(
    sheet: Sheet, failure: Exception, meaning: type[ProviderError], verdict: Verdict
) -> None:
    client, rail = on(sheet, failure, *sheet.answers[verdict])
    with pytest.raises(meaning):
        await client.prompt(sheet.charge)
    for _ in sheet.answers[verdict]:
        assert (await client.inquire(sheet.charge)).verdict is verdict
    assert len(rail.sent) == 1 + len(sheet.answers[verdict])


@pytest.mark.parametrize(("failure", "meaning"), FAILURES, ids=NAMES)
async def test_a_repeat_carries_the_same_reference_and_a_known_one_is_not_a_refusal(
    sheet: Sheet, failure: Exception, meaning: type[ProviderError]
) -> None:
    again = sheet.repeat or sheet.acks[Verdict.PENDING][0]
    client, rail = on(sheet, failure, again)
    with pytest.raises(meaning):
        await client.prompt(sheet.charge)
    reading = await client.prompt(sheet.charge)
    first, second = rail.sent
    assert sheet.reference(first) == sheet.reference(second)
    wanted = (Verdict.UNKNOWN, Reason.DUPLICATE) if sheet.repeat else (Verdict.PENDING, None)
    assert (reading.verdict, reading.reason) == wanted


async def test_an_answer_cut_in_the_middle_is_ambiguous(sheet: Sheet) -> None:
    client, _ = on(sheet, httpx.Response(200, stream=_Cut()))
    with pytest.raises(Ambiguous):
        await client.prompt(sheet.charge)


async def test_an_answer_without_end_is_ambiguous(sheet: Sheet) -> None:
    client, _ = on(sheet, Wire(body=b" " * (MAX_BODY + 1)))
    with pytest.raises(Ambiguous):
        await client.prompt(sheet.charge)


@pytest.mark.parametrize(
    "failure",
    [*NEVER_LEFT, *LEFT, Wire(status=503), Wire(body=b"<html>"), Wire(status=429)],
    ids=lambda play: type(play).__name__,
)
async def test_without_a_token_nothing_was_sent(tokened: Sheet, failure: Play) -> None:
    client, rail = on(tokened, tokens=(failure, failure))
    with pytest.raises(Unreachable):
        await client.prompt(tokened.charge)
    with pytest.raises(Unreachable):
        await client.inquire(tokened.charge)
    assert rail.sent == []


async def test_refused_credentials_refuse_the_charge_but_not_the_money_asked_about(
    tokened: Sheet,
) -> None:
    client, rail = on(tokened, tokens=(tokened.no_token, tokened.no_token))
    prompted = await client.prompt(tokened.charge)
    asked = await client.inquire(tokened.charge)
    assert (prompted.verdict, prompted.retryable) == (Verdict.REFUSED, False)
    assert asked.verdict is Verdict.UNKNOWN
    assert {prompted.reason, asked.reason} == {Reason.CREDENTIALS}
    assert rail.sent == []


async def test_a_token_that_died_on_the_way_is_renewed_once_and_the_same_request_repeated(
    tokened: Sheet,
) -> None:
    client, rail = on(tokened, tokened.stale, tokened.acks[Verdict.PENDING][0])
    reading = await client.prompt(tokened.charge)
    assert reading.verdict is Verdict.PENDING
    assert rail.token_calls == 2
    first, second = rail.sent
    assert tokened.reference(first) == tokened.reference(second)


async def test_a_token_refused_twice_is_not_tried_a_third_time(tokened: Sheet) -> None:
    client, rail = on(tokened, *[tokened.stale] * 4)
    prompted = await client.prompt(tokened.charge)
    assert len(rail.sent) == 2
    asked = await client.inquire(tokened.charge)
    assert len(rail.sent) == 4
    assert (prompted.verdict, prompted.retryable) == (Verdict.REFUSED, True)
    assert asked.verdict is Verdict.UNKNOWN


async def test_one_token_serves_many_calls(tokened: Sheet) -> None:
    client, rail = on(tokened, *[tokened.answers[Verdict.PENDING][0]] * 3)
    for _ in range(3):
        await client.inquire(tokened.charge)
    assert rail.token_calls == 1


async def test_nothing_secret_shows_in_settings_clients_or_errors(sheet: Sheet) -> None:
    failures = [httpx.ReadTimeout(f"{secret} {sheet.charge.payer}") for secret in sheet.secrets]
    client, rail = on(sheet, *failures)
    shown = [repr(sheet.settings), str(sheet.settings), repr(client)]
    for _ in failures:
        with pytest.raises(Ambiguous) as lost:
            await client.prompt(sheet.charge)
        shown += [str(lost.value), repr(lost.value), repr(lost.value.__cause__)]
    assert len(rail.sent) == len(failures)
    leaked = [word for word in (*sheet.secrets, sheet.charge.payer) if word in "".join(shown)]
    assert leaked == []
