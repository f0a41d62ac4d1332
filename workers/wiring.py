"""The composition root of a worker: every activity with what it needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from activities.cases import Cases
from activities.charges import Charges
from activities.deliveries import Deliveries
from activities.intents import Intents
from activities.records import Records
from activities.strays import Strays
from activities.upkeep import Upkeep
from ledger.book import Book
from ledger.booking import Booking
from providers.contract import Collects
from providers.registry import Ready
from runtime.database import Database
from runtime.egress import Egress
from runtime.vault import Vault

#: The wallet each provider's collections land in, as the ledger names it.
COLLECTIONS = "collections"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """The activities of one worker process."""

    charges: Charges
    records: Records
    strays: Strays
    cases: Cases
    upkeep: Upkeep
    deliveries: Deliveries


def wire(
    database: Database,
    clients: Mapping[str, Collects],
    vault: Vault,
    egress: Egress,
    *,
    wait_scale: float,
) -> Wiring:
    """Build every activity once."""
    booking = Booking(Book(), dict.fromkeys(clients, COLLECTIONS))
    records = Records(database, booking)
    return Wiring(
        charges=Charges(clients, Intents(database, records)),
        records=records,
        strays=Strays(database, records),
        cases=Cases(database, booking),
        upkeep=Upkeep(database),
        deliveries=Deliveries(database, vault, egress, wait_scale=wait_scale),
    )


def collectors(ready: Mapping[str, Ready]) -> dict[str, Collects]:
    """A client for every provider that collects."""
    return {name: one.client() for name, one in ready.items() if one.provider.collects}
