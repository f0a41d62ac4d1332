"""Everything the sagas of money out call, put together: one part per area."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from activities.credential_probes import Address
from activities.payout_accepting import PayoutDesk
from activities.rail_gates import RailGates
from activities.sagas import Sagas
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models.operators import operator_of
from providers.ncba.settings import NcbaSettings
from providers.payout_rails import payout_rails
from providers.registry import Ready
from runtime.database import Database
from runtime.rail_health import RailHealth
from runtime.vault import Vault
from workers import batches, escrows, payouts, refunds
from workers import treasury as treasuries
from workers.batches import Batches, batch_work
from workers.escrows import EscrowKeeping, escrow_keeping
from workers.payouts import PayingOut, paying_out, senders_of
from workers.rails import Meter
from workers.refunds import GivingBack, giving_back
from workers.treasury import Treasury, treasury

WORKFLOWS: tuple[type, ...] = (
    *escrows.WORKFLOWS,
    *payouts.WORKFLOWS,
    *batches.WORKFLOWS,
    *treasuries.WORKFLOWS,
    *refunds.WORKFLOWS,
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the parts are built on. `address` makes the URL of an owner and a slug."""

    database: Database
    vault: Vault
    sagas: Sagas
    meter: Meter
    bank: NcbaSettings
    address: Address
    scale: float

    @property
    def ready(self) -> Mapping[str, Ready]:
        """The providers: every client made of them is metered."""
        return self.meter.ready


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyOut:
    """The parts, each with its activities."""

    escrows: EscrowKeeping
    treasury: Treasury
    rails: RailGates
    payouts: PayingOut
    batches: Batches
    refunds: GivingBack

    @property
    def activities(self) -> tuple[Callable[..., Any], ...]:
        """Each of them, for a worker."""
        return (
            *self.escrows.activities,
            *self.treasury.activities,
            self.rails.turn,
            self.rails.leave,
            *self.payouts.activities,
            *self.batches.activities,
            *self.refunds.activities,
        )


def money_out(ground: Ground) -> MoneyOut:
    """Build them once."""
    return MoneyOut(
        escrows=escrow_keeping(ground.database, VaultBooking(Book())),
        treasury=treasury(ground.database, ground.bank, ground.ready, ground.address),
        rails=RailGates(ground.database, RailHealth(ground.database)),
        payouts=paying_out(
            ground.database,
            ground.vault,
            ground.sagas,
            senders_of(ground.meter, ground.bank),
            ground.address,
        ),
        batches=batch_work(ground.database, _desk(ground)),
        refunds=giving_back(
            ground.database, ground.vault, ground.sagas, ground.ready, ground.address
        ),
    )


def _desk(ground: Ground) -> PayoutDesk:
    """Where payouts are accepted."""
    return PayoutDesk(
        vault=ground.vault,
        rails=payout_rails(ground.ready, ground.bank),
        predicts=operator_of,
        scale=ground.scale,
    )
