"""The composition root of a worker: every activity with what it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from activities.bank_credits import BankCredits
from activities.bank_statements import BankStatements
from activities.cases import Cases
from activities.charges import Charges
from activities.contacts import Contacts
from activities.credential_checks import CredentialChecks
from activities.credential_probes import Address
from activities.deliveries import Deliveries
from activities.fence import Fence
from activities.initiator_tries import InitiatorTries
from activities.intents import Intents
from activities.late import Late
from activities.late_top_ups import LateTopUps
from activities.message_delivery import MessageDelivery
from activities.partner_upkeep import PartnerUpkeep
from activities.records import Records
from activities.refund_accepting import RefundDesk
from activities.sagas import Sagas
from activities.strays import Strays
from activities.suspense_refunds import SuspenseRefunds
from activities.top_ups import TopUps
from activities.upkeep import Upkeep
from ledger.book import Book
from ledger.booking import Booking
from ledger.vault_booking import VaultBooking
from models.float_gate import COLLECTIONS
from providers.contract import Collects
from providers.messaging import Sends
from providers.ncba.client import NcbaClient
from providers.ncba.settings import NcbaSettings
from providers.refund_rails import refund_rails
from providers.registry import Ready
from runtime.database import Database
from runtime.egress import Egress
from runtime.partners import Partners
from runtime.vault import Vault
from workers.collections import Collecting, collecting
from workers.floats import Floats, floats
from workers.loans import Loans, loans
from workers.money_out import Ground, MoneyOut, money_out
from workers.rails import Meter


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """The activities of one worker process."""

    charges: Charges
    records: Records
    strays: Strays
    cases: Cases
    upkeep: Upkeep
    deliveries: Deliveries
    messages: MessageDelivery
    sagas: Sagas
    late: Late
    top_ups: TopUps
    late_top_ups: LateTopUps
    bank_credits: BankCredits
    bank_statements: BankStatements
    credentials: CredentialChecks
    partner_upkeep: PartnerUpkeep
    loans: Loans
    collections: Collecting
    floats: Floats
    money_out: MoneyOut


def wire(
    database: Database,
    clients: Mapping[str, Collects],
    vault: Vault,
    egress: Egress,
    *,
    gateways: Sequence[Sends],
    partners: Partners,
    bank: NcbaSettings,
    callback_url: Address,
    initiator_pepper: bytes,
    wait_scale: float,
    meter: Meter,
) -> Wiring:
    """Build every activity once. `clients`: one for each provider of `meter` that collects."""
    booking = Booking(Book(), dict.fromkeys(clients, COLLECTIONS))
    records = Records(database, booking)
    sagas = Sagas(database, vault, VaultBooking(Book()))
    prompts = TopUps(clients, Fence(sagas), callback_url)
    return Wiring(
        charges=Charges(clients, Intents(database, records), asked_by_ours(meter.ready)),
        records=records,
        strays=Strays(database, records),
        cases=Cases(database, booking, _given_back(vault, meter, wait_scale)),
        upkeep=Upkeep(database),
        deliveries=Deliveries(database, vault, egress, wait_scale=wait_scale),
        messages=MessageDelivery(database, vault, gateways, wait_scale=wait_scale),
        sagas=sagas,
        late=Late(database, sagas),
        top_ups=prompts,
        late_top_ups=LateTopUps(database, vault, prompts, sagas),
        bank_credits=BankCredits(database, VaultBooking(Book())),
        bank_statements=_statements(database, vault, bank),
        credentials=_credentials(database, partners, callback_url, initiator_pepper),
        partner_upkeep=PartnerUpkeep(database, vault, partners, Contacts(database, vault)),
        floats=floats(database, partners, sagas, callback_url, bank),
        loans=loans(database, vault, partners, sagas, callback_url, scale=wait_scale),
        collections=collecting(database, vault, partners, sagas, callback_url),
        money_out=money_out(Ground(database, vault, sagas, meter, bank, callback_url, wait_scale)),
    )


def _given_back(vault: Vault, meter: Meter, scale: float) -> SuspenseRefunds:
    desk = RefundDesk(vault, refund_rails(meter.ready), wait_scale=scale)
    return SuspenseRefunds(vault, desk, VaultBooking(Book()))


def _credentials(
    database: Database, partners: Partners, address: Address, pepper: bytes
) -> CredentialChecks:
    return CredentialChecks(database, partners, address, InitiatorTries(database, pepper))


def _statements(database: Database, vault: Vault, bank: NcbaSettings) -> BankStatements:
    reader = NcbaClient(bank.keys()) if bank.configured else None
    return BankStatements(database, vault, reader, bank.pool_account, livemode=bank.livemode)


def collectors(ready: Mapping[str, Ready]) -> dict[str, Collects]:
    """A client for every provider that collects."""
    return {name: one.client() for name, one in ready.items() if one.provider.collects}


def asked_by_ours(ready: Mapping[str, Ready]) -> frozenset[str]:
    """The providers whose questions need nothing they told."""
    return frozenset(name for name, one in ready.items() if one.provider.asks_by_ours)
