"""What the routes work with, put together once per process or by a test."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from fastapi import Request
from temporalio.client import Client

from activities.refund_accepting import RefundDesk
from api.keys import KeyRing
from api.limits import Limiter
from api.metrics import Metrics
from models.payout_rail import PayoutRail
from providers.ncba.settings import NcbaSettings
from providers.registry import Ready
from runtime.database import Database
from runtime.dispatch import Dispatcher
from runtime.partners import Partners
from runtime.rail_board import RailBoard
from runtime.rail_health import RailHealth
from runtime.settings import Settings
from runtime.vault import Vault


class Delivers(Protocol):
    """Brings stored messages to their workflows; runtime.inbox.Inbox does."""

    async def deliver(self, row_ids: list[UUID]) -> None:
        """Signal each message and mark it delivered."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The collaborators of every route."""

    settings: Settings
    database: Database
    vault: Vault
    dispatcher: Dispatcher
    inbox: Delivers
    vault_inbox: Delivers
    providers: Mapping[str, Ready]
    refunds: RefundDesk
    rails: RailHealth
    board: RailBoard
    payout_rails: Mapping[str, PayoutRail]
    partners: Partners
    bank: NcbaSettings
    temporal: Client
    keys: KeyRing
    limiter: Limiter
    metrics: Metrics
    #: Of the payer's pages, per page and second: looks, and what is sent.
    looks: Limiter = field(default_factory=lambda: Limiter(20))
    sends: Limiter = field(default_factory=lambda: Limiter(5))

    def page_of(self, checkout_id: UUID) -> str:
        """The payer's page of a session."""
        return self.settings.page_url("pay", checkout_id)


def parts_of(request: Request) -> Parts:
    """The parts this application was made with."""
    parts: Parts = request.app.state.parts
    return parts
