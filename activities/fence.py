"""The fence before a money call: what is about to be sent is durable before it leaves."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from activities.reports import NEVER_SENT, silence
from models.lifecycle import AttemptState
from models.money import Money
from models.reading import Reading, Reason
from models.saga import Instruct, SagaRef, SagaStep, Trouble

if TYPE_CHECKING:
    from activities.sagas import Sagas
    from activities.top_ups import Opens


class Barred(Exception):
    """An earlier instruction may have moved money: this one has not left, and may not yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One sending of one instruction. `sends` counts from 0; `sending` is the saga's state then.

    `believes`: the saga's state when it was decided.
    """

    saga: SagaRef
    instruction_id: str
    rail: str
    number: int
    our_reference: str
    believes: str
    sending: str
    amount: Money | None = None
    sends: int = 0

    def instruct(self, state: AttemptState) -> Instruct:
        """The instruction in this state."""
        return Instruct(
            id=self.instruction_id,
            rail=self.rail,
            number=self.number,
            our_reference=self.our_reference,
            state=state,
            amount=self.amount,
        )


async def shut(fence: "Opens", intent: Intent) -> Reading | None:
    """What is said of a sending that may not leave, while it may not; None for one that may."""
    try:
        return None if await fence.open(intent) else silence(Reason.DUPLICATE)
    except Barred:
        return NEVER_SENT


class Fence:
    """Opens once per sending: a task delivered again finds it open and sends nothing."""

    def __init__(self, sagas: "Sagas") -> None:
        self._sagas = sagas

    async def open(self, intent: Intent) -> bool:
        """Write that it is being sent; True for the one who may send.

        False also when the saga has moved on, by evidence that came first. Raises Barred while
        an earlier instruction may have moved money: then nothing of this sending is written.
        """
        step = SagaStep(
            key=f"{intent.instruction_id}/sending/{intent.sends}",
            saga=intent.saga,
            at=datetime.now(UTC),
            actor="kauri",
            believes=intent.believes,
            to=intent.sending,
            instruct=intent.instruct(AttemptState.SENDING),
        )
        written = await self._sagas.commit(step)
        if written.trouble is Trouble.DOUBTED:
            raise Barred(intent.instruction_id)
        return written.applied and written.fresh
