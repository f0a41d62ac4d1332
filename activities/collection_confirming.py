"""Asking M-Pesa whether a payment it is said to have confirmed has come."""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.payouts import STATUS
from activities.pulse import beating
from models import faultpoints
from models.collection_confirmation import ConfirmOrder
from models.credentials import NoCredentials
from models.reading import Reading, Verdict
from models.receipt_question import Turn
from models.saga import SagaRef
from providers.contract import Ambiguous, Unreachable

#: Who waits for a turn looks so often while one answer may come.
_LOOKS = 15


class Asks(Protocol):
    """A short code that may ask about what it received."""

    async def ask(
        self,
        *,
        result_url: str,
        timeout_url: str,
        reference: str | None = None,
        receipt: str | None = None,
    ) -> Reading:
        """Ask; the answer comes by callback. Raises Unreachable or Ambiguous."""
        ...


class GivesPayBills(Protocol):
    """Where a partner's short codes are kept."""

    async def mpesa(self, org_id: str, livemode: bool, purpose: str) -> Asks:  # noqa: FBT001 - the second half of the scope
        """The short code of a purpose. Raises NoCredentials."""
        ...


class TakesTurns(Protocol):
    """Who may ask now: `activities.receipt_questions.ReceiptQuestions`."""

    async def claim(self, order: ConfirmOrder) -> Turn:
        """Write down that it is asked now, where that is its turn."""
        ...

    async def unsent(self, ref: SagaRef) -> None:
        """M-Pesa was not asked after all."""
        ...


class CollectionConfirming:
    """Asks for collections. `address` makes the URL of an owner and a slug."""

    def __init__(
        self, partners: GivesPayBills, turns: TakesTurns, address: Callable[[str, str], str]
    ) -> None:
        self._partners = partners
        self._turns = turns
        self._address = address

    @activity.defn(name="collection.confirm")
    async def ask(self, order: ConfirmOrder) -> bool:
        """True when the question may have been taken: the answer comes to the saga by callback.

        Written before it is asked: run again, nothing is asked twice. Nobody is asked once the
        initiator was refused, until it is renewed. Raises ApplicationError, to be tried again
        soon, while questions of others are out.
        """
        await faultpoints.reach("collection.confirm.before", order.saga.id)
        async with beating():
            taken = await self._asked(order)
        await faultpoints.reach("collection.confirm.after", order.saga.id)
        return taken

    async def _asked(self, order: ConfirmOrder) -> bool:
        saga = order.saga
        try:
            client = await self._partners.mpesa(saga.org_id, saga.livemode, "c2b")
        except NoCredentials:
            return False
        turn = await self._turns.claim(order)
        if turn is Turn.WAIT:
            raise _later(order.patience / _LOOKS)
        if turn is not Turn.ASK:
            return turn is Turn.ASKED
        try:
            reading = await self._put(client, order)
        except Ambiguous:
            return True
        except Unreachable:
            reading = None
        if reading is None or reading.verdict is not Verdict.PENDING:
            await self._turns.unsent(saga)
            return False
        return True

    async def _put(self, client: Asks, order: ConfirmOrder) -> Reading:
        url = self._address(order.saga.id, STATUS)
        return await client.ask(result_url=url, timeout_url=url, receipt=order.receipt)


def _later(seconds: float) -> ApplicationError:
    return ApplicationError(
        "questions of other payments are out",
        type="Busy",
        next_retry_delay=timedelta(seconds=seconds),
        category=ApplicationErrorCategory.BENIGN,
    )
