"""Fakes of the vault's kernel: rows that move as the tables allow, and a fence that opens."""

import asyncio

from temporalio import activity

from activities.fence import Barred, Intent
from models import saga_states
from models.saga import SagaStep, SagaWritten, Trouble


class Away:
    """The database is away when a saga is to move to `state`, until `back` is set.

    `tried` is set once the step waits as an ordinary activity: the workflow hears others then.
    """

    def __init__(self, state: str) -> None:
        self._state = state
        self.tried, self.back = asyncio.Event(), asyncio.Event()

    async def meets(self, step: SagaStep) -> None:
        """Raises, or waits, where the step moves the saga there."""
        if step.to != self._state or self.back.is_set():
            return
        if activity.info().is_local:
            raise ConnectionError("the database is away")
        self.tried.set()
        await self.back.wait()


class FakeSagas:
    """One saga's row. Keeps what was written; refuses what the tables do not hold.

    `shorts` and `disputes`: how many postings find the wallet short, or the receipt taken;
    `taken`: the kind of posting that always does.
    `moved`: where another workflow brings the row before the next step from a state.
    `cased`: set once a case is open. `spent`: where steps lead whose key an earlier run used
    before it died, for another step; each is met once.
    """

    def __init__(self, state: str) -> None:
        self.state = state
        self.steps: list[SagaStep] = []
        self.shorts = self.disputes = 0
        self.taken: str | None = None
        self.moved: dict[str, str] = {}
        self.spent: set[str] = set()
        self.cased = asyncio.Event()
        self.away: Away | None = None
        self._keys: dict[str, SagaStep] = {}

    @property
    def written(self) -> list[SagaStep]:
        """The steps that stand."""
        return list(self._keys.values())

    @property
    def states(self) -> list[str]:
        """Where the steps led, in order."""
        return [step.to for step in self.written if step.to]

    @activity.defn(name="saga.write")
    async def write(self, step: SagaStep) -> SagaWritten:
        """As the real one, in memory."""
        if self.away is not None:
            await self.away.meets(step)
        return self.commit(step)

    def commit(self, step: SagaStep) -> SagaWritten:
        """One step; a repeat changes nothing."""
        if step.key in self._keys:
            return SagaWritten(state=self.state, fresh=False)
        self.steps.append(step)
        self.state = self.moved.pop(step.believes, self.state)
        if step.to in self.spent:
            self.spent.discard(step.to)
            return SagaWritten(state=self.state, fresh=False, trouble=Trouble.MOVED)
        if self.state not in {step.believes, step.perhaps}:
            return SagaWritten(state=self.state, fresh=False, trouble=Trouble.MOVED)
        if trouble := self._trouble(step):
            return SagaWritten(state=self.state, fresh=False, trouble=trouble)
        if step.to is not None:
            assert saga_states.allowed(step.saga.kind, step.believes, step.to), step
            self.state = step.to
        self._keys[step.key] = step
        if step.case:
            self.cased.set()
        told = step.instruct.state if step.instruct else None
        return SagaWritten(state=self.state, instruction=told)

    def _trouble(self, step: SagaStep) -> Trouble | None:
        if step.posting is None:
            return None
        if self.shorts:
            self.shorts -= 1
            return Trouble.SHORT
        if self.disputes or step.posting.kind == self.taken:
            self.disputes -= bool(self.disputes)
            return Trouble.DISPUTED
        return None


class OpenFence:
    """Opens once per sending, and moves the row as the real one does."""

    def __init__(self, sagas: FakeSagas) -> None:
        self._sagas = sagas
        self.opened: list[Intent] = []
        #: Instructions of which something was said that is not weighed, as the database knows.
        self.doubted: set[int] = set()
        self.barred = asyncio.Event()

    async def open(self, intent: Intent) -> bool:
        """True for the first who asks while the saga stands where it was decided."""
        if any(number < intent.number for number in self.doubted):
            self.barred.set()
            raise Barred(intent.instruction_id)
        if intent in self.opened or self._sagas.state not in {intent.believes, intent.sending}:
            return False
        self._sagas.state = intent.sending
        self.opened.append(intent)
        return True
