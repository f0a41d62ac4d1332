"""What the demo promises: a payout by every rail there is, every book compared, a true middle."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from cli.demo.batch import ROWS, Batch, Running
from cli.demo.client import DemoClient
from cli.demo.payees import LOST, PAYEES
from cli.demo.payouts import SentOut
from cli.demo.proof import BOOKS
from cli.demo.run import ENVIRONMENT
from cli.demo.vault import floats
from cli.demo.vault.lenders import LENDERS, NotEnrolled, entered
from cli.demo.vault.told import Player
from cli.stack.environment import Urls, variables
from cli.stack.state import State
from providers.ncba.settings import NcbaSettings
from providers.payout_rails import payout_rails
from providers.registry import BadProvider, Ready, load
from simulators.app import create_app

URLS = Urls(
    api="http://127.0.0.1:1",
    docs="",
    temporal="127.0.0.1:2",
    temporal_ui="",
    simulators="http://127.0.0.1:3",
    mail_port=4,
    codec="",
    database="postgresql://kauri_app@127.0.0.1:5/kauri",
    database_admin="postgresql://postgres@127.0.0.1:5/kauri",
)


@pytest.fixture
def state(tmp_path: Path) -> State:
    made = State(tmp_path / "demo")
    made.create()
    return made


def loaded(
    state: State, monkeypatch: pytest.MonkeyPatch, extra: Mapping[str, str]
) -> dict[str, Ready]:
    """The providers a stack told this would have."""
    told = variables(URLS, state, wait_scale=0.05, extra=extra)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return load(told["KAURI_PROVIDERS"].split(","))


def test_the_demo_pays_out_by_every_rail_of_its_stack(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    rails = payout_rails(loaded(state, monkeypatch, ENVIRONMENT), NcbaSettings())
    assert set(PAYEES) == set(rails)
    for name, payee in PAYEES.items():
        limit = rails[name].limit(payee.currency)
        assert limit is not None
        assert limit.minimum <= payee.amount <= limit.maximum
    assert PAYEES["rtgs"].amount > max(
        rails[name].limits[0].maximum for name in ("pesalink", "eft")
    )


def test_every_provider_of_the_demos_stack_has_its_book_compared(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(BOOKS) == set(loaded(state, monkeypatch, ENVIRONMENT))
    kept = create_app().state.stages
    assert set(BOOKS.values()) <= set(kept)
    assert {payee.book for payee in PAYEES.values()} == {*BOOKS.values(), "ncba"} - {
        "cards",
        "orange",
    }


def test_camtel_is_switched_on_for_the_demo_alone(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "camtel" not in loaded(state, monkeypatch, {})
    off = {name: told for name, told in ENVIRONMENT.items() if name != "CAMTEL_EXPERIMENTAL"}
    with pytest.raises(BadProvider, match="CAMTEL_EXPERIMENTAL"):
        loaded(state, monkeypatch, off)


BOOK: dict[str, dict[str, Any]] = {
    "daraja": {
        "organisations": {
            "600000": {
                "instructions": [
                    {"kind": "payout", "code": "0", "payee": "254712345000"},
                    {"kind": "payout", "code": "1", "payee": "254712345000"},
                    {"kind": "reversal", "code": "0", "payee": "254712345000"},
                    {"kind": "payout", "code": "0", "payee": "254712345001"},
                ]
            }
        }
    },
    "ncba": {"debits": [{"to": PAYEES["eft"].account}, {"to": "174379"}]},
    "wave": {
        "payouts": [
            {"payee": LOST, "outcome": "paid"},
            {"payee": LOST, "outcome": "failed"},
            {"payee": "221770000021", "outcome": "paid"},
        ]
    },
    "airtel": {"payouts": [{"payee": PAYEES["airtel"].account[3:], "outcome": "paid"}] * 2},
}


@pytest.mark.parametrize(
    ("rail", "times"), [("mpesa", 1), ("eft", 1), ("rtgs", 0), ("wave", 1), ("airtel", 2)]
)
def test_a_payee_is_counted_in_the_book_of_whoever_paid(rail: str, times: int) -> None:
    payee = PAYEES[rail]
    assert payee.times(BOOK[payee.book]) == times


def sent(**changes: int | str) -> SentOut:
    """Everybody paid, once, but for these."""
    ended, theirs = dict.fromkeys(PAYEES, "paid"), dict.fromkeys(PAYEES, 1)
    for rail, change in changes.items():
        if isinstance(change, int):
            theirs[rail] = change
        else:
            ended[rail] = change
    return SentOut(ended=ended, theirs=theirs, seconds=1.0)


def test_payouts_hold_where_each_is_paid_once() -> None:
    assert sent().finding.holds
    assert "camtel paid" in sent().finding.detail


@pytest.mark.parametrize("wrong", [{"camtel": 2}, {"rtgs": 0}, {"eft": "failed"}])
def test_one_that_is_paid_twice_or_not_at_all_is_seen(wrong: dict[str, int | str]) -> None:
    assert not sent(**wrong).finding.holds


def ended(
    *, before: int = 400, status: str = "completed", rows: int = ROWS, twice: int = 0
) -> Batch:
    numbers = [str(number) for number in range(rows)]
    times = Counter(numbers) + Counter(numbers[:twice])
    return Batch(status=status, paid=rows, paid_before=before, times=times, seconds=1.0)


def test_a_file_of_a_thousand_rows_holds_where_its_worker_died_in_the_middle() -> None:
    assert ended().finding.holds
    assert "1,000 of 1,000 rows paid, 400 before" in ended().finding.detail


@pytest.mark.parametrize(
    "batch_ended",
    [
        ended(before=ROWS),
        ended(before=0),
        ended(rows=999),
        ended(twice=1),
        ended(status="completed_with_errors"),
    ],
    ids=["killed after its end", "never killed", "a row lost", "a row doubled", "errors"],
)
def test_a_file_that_was_not_broken_off_or_not_paid_whole_is_seen(batch_ended: Batch) -> None:
    assert not batch_ended.finding.holds


class Shown:
    """A batch that is further on at each look."""

    def __init__(self, *paid: int) -> None:
        self._paid = list(paid)

    async def get(self, _path: str) -> dict[str, Any]:
        paid = self._paid.pop(0)
        status = "completed" if paid == ROWS else "running"
        return {"status": status, "progress": {"paid": {"rows": paid}}}


async def test_how_far_the_file_is_is_said_now_and_then() -> None:
    said: list[str] = []
    client = cast(DemoClient, Shown(0, 150, 210, 390, 400, 430, 650, 1000))
    running, killed = Running(client, "pb_1", said.append, began=0.0, pause=0.0), []

    async def kill() -> None:
        killed.append(len(said))

    await running.until(lambda shown: shown["progress"]["paid"]["rows"] >= 400)
    await running.broken_off(kill)
    await running.until(lambda _shown: False)
    assert said == [
        "  the file: 210 of 1,000 rows paid",
        "  the file: 400 of 1,000 rows paid",
        "  the file: the worker is killed, 430 of 1,000 rows paid",
        "  the file: another worker goes on",
        "  the file: 650 of 1,000 rows paid",
        "  the file: 1,000 of 1,000 rows paid",
    ]
    assert killed == [3]


class Checked:
    """Answers a credential's state, one after the other."""

    def __init__(self, *states: str) -> None:
        self._states = list(states)

    async def get(self, _path: str) -> dict[str, Any]:
        return {"state": self._states.pop(0), "checks": []}

    async def post(self, path: str, _body: dict[str, Any]) -> dict[str, Any]:
        return await self.get(path)


async def test_a_check_that_takes_long_is_waited_for() -> None:
    client = Checked("checking", "checking", "valid", "invalid")
    await entered(cast(DemoClient, client), "mifos", {})
    assert await client.get("") == {"state": "invalid", "checks": []}


@pytest.mark.parametrize("states", [("checking", "invalid"), ("checking",) * 7])
async def test_a_lender_whose_credential_is_not_valid_is_not_enrolled(
    states: tuple[str, ...],
) -> None:
    with pytest.raises(NotEnrolled, match=f"mifos is {states[-1]}"):
        await entered(cast(DemoClient, Checked(*states)), "mifos", {})


class Purchases:
    """Float asked for again and again; the code of the first `late` comes after its time."""

    def __init__(self, late: int) -> None:
        self._late = late
        self.typed: list[str] = []
        self._texts: list[dict[str, str]] = []

    async def control(self, _path: str) -> list[dict[str, str]]:
        return list(self._texts)

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if path == "/v1/float-purchases":
            self._texts.append({"text": f"{100_000 + len(self._texts)} is your code"})
            return {"id": f"fp_{len(self._texts)}"}
        self.typed.append(body["code"])
        right = self._texts[-1]["text"].startswith(body["code"])
        status = 409 if len(self._texts) <= self._late else 200 if right else 422
        answer = httpx.Response(status, request=httpx.Request("POST", f"http://api{path}"))
        answer.raise_for_status()
        return {}

    async def get(self, path: str) -> dict[str, Any]:
        return {"id": path, "status": "settled", "data": []}


async def test_a_code_that_came_too_late_is_asked_for_again() -> None:
    client = Purchases(late=1)
    player = Player(
        lender=LENDERS[0], client=cast(DemoClient, client), org="org_1", approver="usr_1"
    )
    told = await floats.buy(player, 1)
    assert told.as_expected
    assert told.id == "/v1/float-purchases/fp_2"
    assert client.typed == ["100001", "100002", "100001"]
