"""Everything a float purchase's workflow calls, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from activities.credential_probes import Address
from activities.fence import Fence
from activities.float_buying import FloatBuying
from activities.float_watching import FloatWatching
from activities.otps import Otps
from activities.sagas import Sagas
from ledger import wallets
from providers.ncba.client import NcbaClient
from providers.ncba.settings import NcbaSettings
from runtime.database import Database
from runtime.partners import Partners
from workflows.float_purchase import FloatPurchaseWorkflow

WORKFLOWS: tuple[type, ...] = (FloatPurchaseWorkflow,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Floats:
    """The activities of float purchases; the rest they share with loans."""

    otps: Otps
    buying: FloatBuying
    watching: FloatWatching

    @property
    def activities(self) -> tuple[Callable[..., Any], ...]:
        """Each of them, for a worker."""
        return (
            self.otps.run_out,
            self.buying.transfer,
            self.buying.buy,
            self.buying.move,
            self.watching.facts,
            self.watching.measure,
            self.watching.trace,
            self.watching.look,
        )


def floats(
    database: Database, partners: Partners, sagas: Sagas, address: Address, settings: NcbaSettings
) -> Floats:
    """Build them once; without a bank, orders are refused before they leave."""
    bank = NcbaClient(settings.keys()) if settings.configured else None
    return Floats(
        otps=Otps(database),
        buying=FloatBuying(
            bank=bank,
            phone=settings.phone,
            partners=partners,
            fence=Fence(sagas),
            address=address,
        ),
        watching=FloatWatching(
            bank=bank,
            partners=partners,
            address=address,
            database=database,
            wallet=wallets.wallet,
        ),
    )
