"""Who handles what comes through a standing door: one handler per slug."""

from collections.abc import Mapping

from providers.ncba.settings import NcbaSettings
from runtime.bank_notices import bank_notices
from runtime.collection_arrivals import confirmations
from runtime.database import Database
from runtime.loan_hints import loan_hint
from runtime.vault import Vault
from runtime.vault_inbox import Arrives


def arrivals(
    database: Database, vault: Vault, bank: NcbaSettings, *, scale: float
) -> Mapping[str, Arrives]:
    """The handlers by slug, with what they need. `scale` shortens the waits of sagas in tests."""
    return {
        **bank_notices(bank),
        **confirmations(database, vault, scale=scale),
        "mf1": loan_hint,
    }
