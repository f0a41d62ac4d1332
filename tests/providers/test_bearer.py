"""One token, fetched once for many, renewed before it ages."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from models.reading import Reading, Reason, Verdict
from providers.bearer import Bearer, Token, TokenRefused, fetched
from providers.contract import Ambiguous, Unreachable
from providers.http import Answer


class Mint:
    """Gives tokens t1, t2, … that live `seconds`; `now` is the clock."""

    def __init__(self, seconds: float = 100.0) -> None:
        self.given = 0
        self.now = 0.0
        self._seconds = seconds

    async def fetch(self) -> Token:
        """A new token, after a turn of the loop."""
        await asyncio.sleep(0)
        self.given += 1
        return Token(value=f"t{self.given}", seconds=self._seconds)

    def bearer(self) -> Bearer:
        """A bearer on this mint's clock."""
        return Bearer(self.fetch, clock=lambda: self.now)


def saying(answer: Answer | Exception) -> Callable[[], Awaitable[Answer]]:
    """A call that ends with `answer`."""

    async def ask() -> Answer:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return ask


def refusal(body: bytes, http_status: int = 200) -> Reading:
    """Reads 4xx as refused credentials, anything else as unknown."""
    refused = 400 <= http_status < 500
    verdict = Verdict.REFUSED if refused else Verdict.UNKNOWN
    return Reading(verdict=verdict, retryable=refused, reason=Reason.CREDENTIALS)


async def test_a_token_is_renewed_at_ninety_percent_of_its_life() -> None:
    mint = Mint(seconds=100)
    bearer = mint.bearer()
    seen = []
    for mint.now in (0.0, 89.9, 90.0, 179.9, 180.0):
        seen.append(await bearer.token())
    assert seen == ["t1", "t1", "t2", "t2", "t3"]


async def test_many_callers_wait_for_one_fetch() -> None:
    mint = Mint()
    bearer = mint.bearer()
    tokens = await asyncio.gather(*[bearer.token() for _ in range(20)])
    assert (set(tokens), mint.given) == ({"t1"}, 1)


async def test_many_callers_with_the_same_dead_token_renew_it_once() -> None:
    mint = Mint()
    bearer = mint.bearer()
    used = []

    async def ask(token: str) -> Answer:
        used.append(token)
        await asyncio.sleep(0)
        return Answer(status=401 if token == "t1" else 200, body=b"")

    answers = await asyncio.gather(
        *[bearer.call(ask, stale=lambda answer: answer.status == 401) for _ in range(5)]
    )
    assert {answer.status for answer in answers} == {200}
    assert (used.count("t1"), used.count("t2"), mint.given) == (5, 5, 2)


async def test_a_refusal_that_came_late_is_not_repeated() -> None:
    mint = Mint()

    async def ask(token: str) -> Answer:
        mint.now += 30
        return Answer(status=401, body=b"")

    with pytest.raises(Unreachable):
        await mint.bearer().call(ask, stale=lambda answer: answer.status == 401)
    assert mint.given == 1


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        (b'{"access_token":"a","expires_in":"3599"}', 3599.0),
        (b'{"access_token":"a","expires_in":3600}', 3600.0),
        (b'{"access_token":"a","expires_in":"soon"}', 60.0),
        (b'{"access_token":"a"}', 60.0),
    ],
)
async def test_a_life_may_be_text_a_number_or_missing(body: bytes, seconds: float) -> None:
    token = await fetched(saying(Answer(status=200, body=body))(), refusal=refusal)
    assert (token.value, token.seconds) == ("a", seconds)
    assert "a'" not in repr(token)


@pytest.mark.parametrize(
    "answer",
    [
        Ambiguous("lost"),
        Unreachable("away"),
        Answer(status=500, body=b""),
        Answer(status=200, body=b"{}"),
        Answer(status=200, body=b'{"access_token":"a\\r\\nX-Evil: 1"}'),
        Answer(status=200, body=b'{"access_token":7}'),
    ],
    ids=repr,
)
async def test_a_token_that_does_not_come_means_nothing_was_sent(
    answer: Answer | Exception,
) -> None:
    with pytest.raises(Unreachable):
        await fetched(saying(answer)(), refusal=refusal)


async def test_a_token_that_is_refused_says_why_and_is_not_retried() -> None:
    with pytest.raises(TokenRefused) as no:
        await fetched(saying(Answer(status=400, body=b""))(), refusal=refusal)
    assert (no.value.reading.reason, no.value.reading.retryable) == (Reason.CREDENTIALS, False)


async def test_a_token_may_be_named_otherwise_and_live_as_long_as_the_caller_knows() -> None:
    answer = Answer(status=200, body=b'{"tokenID":"a","token":""}')
    names = ("token", "tokenID")
    token = await fetched(saying(answer)(), refusal=refusal, names=names, unsaid=900)
    assert (token.value, token.seconds) == ("a", 900.0)
    with pytest.raises(Unreachable):
        await fetched(saying(answer)(), refusal=refusal)
