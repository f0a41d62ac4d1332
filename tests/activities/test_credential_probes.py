"""What each answer of the other side makes of a credential. Every call is made once."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from activities.credential_probes import probe
from models.credential_check import CheckOrder, Probe, Tried, initiator_check, state_of
from models.credentials import CredentialState, Fields, MifosFields, MpesaFields, MpesaStkFields
from models.lender_calendar import Access
from models.reading import Reading, Reason
from providers.contract import Ambiguous, QuestionRefused, Unreachable

TAKEN = Reading(verdict=None)
NO_TOKEN = Reading(verdict=None, reason=Reason.CREDENTIALS)
MAY_ALL = Access(user_id=1, office_id=1, permissions=frozenset({"ALL_FUNCTIONS"}))
LENDER = MifosFields(url="https://m.example/api", user="u", password=SecretStr("p"))
B2C = MpesaFields(
    consumer_key=SecretStr("k"),
    consumer_secret=SecretStr("s"),
    short_code="600100",
    initiator="api",
    initiator_password=SecretStr("p"),
)
STK = MpesaStkFields(
    consumer_key=SecretStr("k"),
    consumer_secret=SecretStr("s"),
    short_code="600100",
    passkey=SecretStr("p"),
)


class FakeOther:
    """The other side by a script: an exception in it is raised. Notes every call."""

    def __init__(self, **answers: Any) -> None:
        self._answers = {"authenticate": TAKEN, "balance": TAKEN, **answers}
        self.calls: list[str] = []

    def _answer(self, call: str) -> Any:
        self.calls.append(call)
        answer = self._answers[call]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def authenticate(self) -> Any:
        return self._answer("authenticate")

    async def balance(self, *, result_url: str, timeout_url: str) -> Any:
        assert result_url == timeout_url == "https://kauri.test/cred_1/ke5"
        return self._answer("balance")

    async def maker_checker_on(self, task: str, _access: Access) -> bool:
        return task in self._answer("maker_checker")

    async def payment_type(self, _name: str) -> int | None:
        found: int | None = self._answer("payment_type")
        return found


class FakeTries:
    """Remembers claims, and what it was told stands against them."""

    def __init__(self, against: Tried | None = None) -> None:
        self._against = against
        self.done: list[str] = []

    async def claim(self, _order: CheckOrder, _fields: MpesaFields) -> Tried | None:
        self.done.append("claimed")
        return self._against

    async def unsent(self, _order: CheckOrder) -> None:
        self.done.append("unsent")


async def tried(
    kind: str, fields: Fields, other: FakeOther, tries: FakeTries | None = None
) -> Probe:
    order = CheckOrder(credential_id="cred_1", org_id="org_1", livemode=False, kind=kind, version=1)
    return await probe(order, fields, other, _address, tries or FakeTries())


def _address(owner: str, slug: str) -> str:
    return f"https://kauri.test/{owner}/{slug}"


def told(found: Probe) -> dict[str, bool | None]:
    return {check.name: check.passed for check in found.checks}


async def test_an_initiator_is_asked_once_and_answers_later() -> None:
    other = FakeOther()
    found = await tried("mpesa_b2c", B2C, other)
    assert (told(found), found.awaits_result) == ({"token": True}, True)
    assert other.calls == ["authenticate", "balance"]


@pytest.mark.parametrize(
    ("answers", "checks", "awaits"),
    [
        ({"authenticate": NO_TOKEN}, {"token": False}, False),
        ({"authenticate": Unreachable("away")}, {"token": None}, False),
        ({"balance": Unreachable("away")}, {"token": True, "balance": None}, False),
        ({"balance": Ambiguous("lost")}, {"token": True}, True),
        ({"balance": Reading(verdict=None, reason=Reason.PROVIDER_ERROR)}, {"token": True}, True),
        (
            {"balance": Reading(verdict=None, reason=Reason.CONFIGURATION)},
            {"token": True, "balance": False},
            False,
        ),
    ],
)
async def test_no_answer_of_mpesa_is_followed_by_a_second_try(
    answers: dict[str, Any], checks: dict[str, bool | None], awaits: bool
) -> None:
    other = FakeOther(**answers)
    found = await tried("mpesa_c2b", B2C, other)
    assert (told(found), found.awaits_result) == (checks, awaits)
    assert len(other.calls) == len(set(other.calls))


@pytest.mark.parametrize(("passed", "said"), [(False, "M-Pesa refused"), (None, "did not yet")])
async def test_a_password_that_was_tried_is_not_sent(passed: bool | None, said: str) -> None:
    before = Tried(at=datetime(2026, 11, 21, tzinfo=UTC), passed=passed)
    other = FakeOther()
    found = await tried("mpesa_b2c", B2C, other, FakeTries(before))
    assert (told(found), found.awaits_result) == ({"token": True, "initiator": passed}, False)
    assert said in found.checks[-1].detail
    assert other.calls == ["authenticate"]


@pytest.mark.parametrize(
    ("answers", "done"),
    [
        ({}, ["claimed"]),
        ({"balance": Ambiguous("lost")}, ["claimed"]),
        ({"balance": Unreachable("away")}, ["claimed", "unsent"]),
        ({"authenticate": NO_TOKEN}, []),
    ],
)
async def test_only_what_may_have_reached_mpesa_counts_as_a_try(
    answers: dict[str, Any], done: list[str]
) -> None:
    tries = FakeTries()
    await tried("mpesa_b2c", B2C, FakeOther(**answers), tries)
    assert tries.done == done


@pytest.mark.parametrize(("answer", "passed"), [(TAKEN, True), (NO_TOKEN, False)])
async def test_a_prompting_app_is_asked_for_a_token_alone(answer: Reading, passed: bool) -> None:
    other = FakeOther(authenticate=answer)
    assert told(await tried("mpesa_stk", STK, other)) == {"token": passed}
    assert other.calls == ["authenticate"]


def a_lender(access: Access | Exception = MAY_ALL, **answers: Any) -> FakeOther:
    return FakeOther(**{"authenticate": access, "maker_checker": (), "payment_type": 7, **answers})


async def test_a_lender_that_lets_us_work_passes_every_check() -> None:
    found = await tried("mifos", LENDER, a_lender())
    assert told(found) == dict.fromkeys(
        ("sign_in", "permissions", "maker_checker", "payment_type"), True
    )
    assert state_of(found.checks) is CredentialState.VALID


@pytest.mark.parametrize(
    ("access", "answers", "failed", "words"),
    [
        (MAY_ALL, {"maker_checker": ("DISBURSE_LOAN",)}, "maker_checker", "DISBURSE_LOAN"),
        (MAY_ALL, {"payment_type": None}, "payment_type", "Mobile Money"),
        (
            Access(user_id=1, office_id=1, permissions=frozenset({"ALL_FUNCTIONS_READ"})),
            {},
            "permissions",
            "DISBURSE_LOAN, REPAYMENT_LOAN, DEPOSIT_SAVINGSACCOUNT",
        ),
        (
            Access(
                user_id=1,
                office_id=1,
                permissions=frozenset({"ALL_FUNCTIONS"}),
                renew_password=True,
            ),
            {},
            "sign_in",
            "renewed",
        ),
    ],
)
async def test_what_would_stop_a_disbursement_is_found_before_one(
    access: Access, answers: dict[str, Any], failed: str, words: str
) -> None:
    found = await tried("mifos", LENDER, a_lender(access, **answers))
    wrong = [check for check in found.checks if not check.passed]
    assert [check.name for check in wrong] == [failed]
    assert words in wrong[0].detail
    assert state_of(found.checks) is CredentialState.INVALID


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("authenticate", "sign_in"),
        ("maker_checker", "maker_checker"),
        ("payment_type", "payment_type"),
    ],
)
@pytest.mark.parametrize(
    ("error", "passed"),
    [
        (Unreachable("away"), None),
        (Ambiguous("lost"), None),
        (QuestionRefused("no", Reading(verdict=None, reason=Reason.CREDENTIALS)), False),
        (QuestionRefused("no", Reading(verdict=None, reason=Reason.UNREADABLE)), None),
    ],
)
async def test_a_lender_that_breaks_off_leaves_the_check_it_was_at(
    call: str, name: str, error: Exception, passed: bool | None
) -> None:
    answers: dict[str, Any] = {"authenticate": MAY_ALL, call: error}
    found = await tried("mifos", LENDER, a_lender(answers.pop("authenticate"), **answers))
    assert (found.checks[-1].name, found.checks[-1].passed) == (name, passed)


@pytest.mark.parametrize(
    ("code", "passed"), [("0", True), ("2001", False), ("8006", False), ("17", None)]
)
def test_the_result_tells_of_the_initiator(code: str, passed: bool | None) -> None:
    assert initiator_check(Reading(verdict=None, provider_code=code)).passed is passed


def test_no_result_proves_nothing() -> None:
    assert initiator_check(None).passed is None
    assert state_of([]) is CredentialState.INVALID
