"""Everything a payout's workflow calls, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from activities.approvals import Approvals
from activities.credential_probes import Address
from activities.fence import Fence
from activities.late import Late
from activities.payout_returns import PayoutReturns
from activities.sagas import Sagas
from activities.sending import Holders, Senders, Sending
from providers.ncba.payer import opened
from providers.ncba.settings import NcbaSettings
from runtime.database import Database
from runtime.vault import Vault
from workers.rails import Meter
from workflows.payout import PayoutWorkflow

WORKFLOWS: tuple[type, ...] = (PayoutWorkflow,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayingOut:
    """The activities of payouts; approvals are shared by all money out."""

    approvals: Approvals
    sending: Sending
    holders: Holders
    returns: PayoutReturns

    @property
    def activities(self) -> tuple[Callable[..., Any], ...]:
        """Each of them, for a worker."""
        return (
            self.approvals.ask,
            self.approvals.look,
            self.approvals.escalate,
            self.sending.send,
            self.sending.ask,
            self.holders.holder,
            self.returns.weigh,
        )


def paying_out(
    database: Database,
    vault: Vault,
    sagas: Sagas,
    senders: Senders,
    address: Address,
) -> PayingOut:
    """Build them once."""
    return PayingOut(
        approvals=Approvals(database, vault),
        sending=Sending(senders, Fence(sagas), address),
        holders=Holders(senders, database, vault),
        returns=PayoutReturns(database, vault, sagas, Late(database, sagas)),
    )


def senders_of(meter: Meter, bank: NcbaSettings) -> Senders:
    """A client for every rail that pays out, and for every provider that names holders."""
    ready = meter.ready
    payers = {name: one.payer() for name, one in ready.items()}
    namers = {name: one.namer() for name, one in ready.items()}
    return Senders(
        wallets={name: client for name, client in payers.items() if client is not None},
        namers={name: client for name, client in namers.items() if client is not None},
        banks=meter.bank(opened(bank)),
        answers={name: one.provider.answers_at for name, one in ready.items()},
    )
