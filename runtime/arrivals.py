"""Who handles what comes through a standing door: one handler per slug."""

from collections.abc import Mapping

from providers.ncba.settings import NcbaSettings
from runtime.bank_notices import bank_notices
from runtime.database import Database
from runtime.loan_hints import loan_hint
from runtime.vault import Vault
from runtime.vault_inbox import Arrives


def arrivals(database: Database, vault: Vault, bank: NcbaSettings) -> Mapping[str, Arrives]:  # noqa: ARG001 - what the other doors' handlers are made from
    """The handlers by slug, with what they need."""
    return {**bank_notices(bank), "mf1": loan_hint}
