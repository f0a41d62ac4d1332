"""Everything a refund's workflow calls, put together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from activities.credential_probes import Address
from activities.fence import Fence
from activities.refund_telling import RefundTelling
from activities.refunds import Refunding
from activities.sagas import Sagas
from providers.registry import Ready
from runtime.database import Database
from runtime.vault import Vault
from workflows.refund import RefundWorkflow

WORKFLOWS: tuple[type, ...] = (RefundWorkflow,)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingBack:
    """The activities of refunds; approvals, floats and rails they share."""

    refunding: Refunding
    telling: RefundTelling

    @property
    def activities(self) -> tuple[Callable[..., Any], ...]:
        """Each of them, for a worker."""
        return (self.refunding.give_back, self.refunding.ask, self.telling.tell)


def giving_back(
    database: Database,
    vault: Vault,
    sagas: Sagas,
    ready: Mapping[str, Ready],
    address: Address,
) -> GivingBack:
    """Build them once: a client for every provider that gives back or pays out."""
    refunders = {name: one.refunder() for name, one in ready.items()}
    payers = {name: one.payer() for name, one in ready.items()}
    return GivingBack(
        refunding=Refunding(
            {name: client for name, client in refunders.items() if client is not None},
            {name: client for name, client in payers.items() if client is not None},
            Fence(sagas),
            address,
            {name: one.provider.answers_at for name, one in ready.items()},
        ),
        telling=RefundTelling(
            database, vault, {name: one.offer.title for name, one in ready.items()}
        ),
    )
