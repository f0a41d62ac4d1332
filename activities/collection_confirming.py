"""Asking M-Pesa whether a payment it is said to have confirmed has come."""

from collections.abc import Callable
from typing import Protocol

from temporalio import activity

from activities.payouts import STATUS
from activities.pulse import beating
from models import faultpoints
from models.collection_confirmation import ConfirmOrder
from models.credentials import NoCredentials
from models.reading import Reading, Reason, Verdict
from models.saga import SagaRef

_NOBODY = Reading(verdict=None, reason=Reason.CREDENTIALS)


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


class Remembers(Protocol):
    """What M-Pesa said before: `activities.collection_rows.CollectionRows`."""

    async def shut(self, saga: SagaRef) -> bool:
        """True when M-Pesa refused the pay bill's initiator: asking again would lock it."""
        ...


class CollectionConfirming:
    """Asks for collections. `address` makes the URL of an owner and a slug."""

    def __init__(
        self, partners: GivesPayBills, rows: Remembers, address: Callable[[str, str], str]
    ) -> None:
        self._partners = partners
        self._rows = rows
        self._address = address

    @activity.defn(name="collection.confirm")
    async def ask(self, order: ConfirmOrder) -> bool:
        """True when the question was taken: the answer comes to the saga by callback.

        Nobody is asked once the initiator was refused, until it is renewed. Raises Unreachable
        or Ambiguous.
        """
        await faultpoints.reach("collection.confirm.before", order.saga.id)
        async with beating():
            reading = await self._asked(order)
        await faultpoints.reach("collection.confirm.after", order.saga.id)
        return reading.verdict is Verdict.PENDING

    async def _asked(self, order: ConfirmOrder) -> Reading:
        saga, url = order.saga, self._address(order.saga.id, STATUS)
        try:
            client = await self._partners.mpesa(saga.org_id, saga.livemode, "c2b")
        except NoCredentials:
            return _NOBODY
        if await self._rows.shut(saga):
            return _NOBODY
        return await client.ask(result_url=url, timeout_url=url, receipt=order.receipt)
