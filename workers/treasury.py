"""Everything the house's own money calls, put together."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from activities.clearing_calls import ClearingCalls
from activities.coverage import Coverage
from activities.credential_probes import Address
from activities.float_gates import FloatGates
from activities.float_watch import FloatWatch, Told
from models import ids
from models.places import BankAccount, ProviderWallet
from providers.ncba.client import NcbaClient
from providers.ncba.settings import NcbaSettings
from providers.registry import Ready
from runtime.database import Database
from workflows.clearing_move import ClearingMoveWorkflow
from workflows.treasury_upkeep import CoverageReportWorkflow, FloatWatchWorkflow

WORKFLOWS: tuple[type, ...] = (
    ClearingMoveWorkflow,
    FloatWatchWorkflow,
    CoverageReportWorkflow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Treasury:
    """The activities of floats and of moves between them."""

    gates: FloatGates
    clearing: ClearingCalls
    watch: FloatWatch
    coverage: Coverage

    @property
    def activities(self) -> tuple[Callable[..., Any], ...]:
        """Each of them, for a worker."""
        return (
            self.gates.reserve,
            self.gates.release,
            self.clearing.look,
            self.watch.watch,
            self.coverage.report,
        )


def treasury(
    database: Database, bank: NcbaSettings, ready: Mapping[str, Ready], address: Address
) -> Treasury:
    """Build them once. Without a bank no statement is read."""
    reader = NcbaClient(bank.keys()) if bank.configured else None
    tellers = tuple(_tellers(ready, address, livemode=bank.livemode))
    if reader is not None:
        tellers = (*tellers, _pool(bank, reader))
    return Treasury(
        gates=FloatGates(database),
        clearing=ClearingCalls(reader),
        watch=FloatWatch(database, tellers),
        coverage=Coverage(database),
    )


def _tellers(ready: Mapping[str, Ready], address: Address, *, livemode: bool) -> Iterator[Told]:
    """A deployment's outside accounts are all real or none: the bank's setting says which.

    A provider that answers later does so at the platform's own address.
    """
    house = ids.shown(ids.ORG, ids.PLATFORM_ORG)
    for name, one in ready.items():
        teller = one.teller()
        if teller is not None:
            place = ProviderWallet(provider=name, wallet=one.provider.pays_from)
            slug = one.provider.answers_at.balance
            later = address(house, slug) if slug else None
            yield Told(place=place, livemode=livemode, asks=partial(teller.balance, later))


def _pool(bank: NcbaSettings, reader: NcbaClient) -> Told:
    return Told(
        place=BankAccount(bank="ncba", account=bank.pool_account),
        livemode=bank.livemode,
        asks=partial(reader.balance, bank.pool_account),
    )
