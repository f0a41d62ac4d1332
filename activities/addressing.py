"""Whom a notice goes to: the one it names, or else the partner's own people."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from activities.contacts import EMAIL, PHONE
from activities.languages import chosen
from activities.messages import sealed
from models.messages import Languages, Notice, SealedMessage
from models.saga import SagaStep
from models.wallet import LowWallet

if TYPE_CHECKING:
    from runtime.database import Connection
    from runtime.vault import Vault

_PEOPLE = """
select phone_sealed, email_sealed from authorised_users
 where active and deleted_at is null order by id limit 20"""


class Addressing:
    """Addresses and seals. The connection's scope is the organisation's."""

    def __init__(self, vault: "Vault") -> None:
        self._vault = vault

    async def letters(
        self, connection: "Connection", org: UUID, *, livemode: bool, notices: Sequence[Notice]
    ) -> list[SealedMessage]:
        """The notices, ready to queue; one without an address goes to the partner's people."""
        named = [notice for notice in notices if notice.to_phone or notice.to_email]
        general = [notice for notice in notices if not (notice.to_phone or notice.to_email)]
        if general:
            people = await self._people(connection, org, livemode=livemode)
            named += [
                replace(notice, to_phone=phone, to_email=email)
                for notice in general
                for phone, email in people
            ]
        told = await chosen(connection) if named else Languages()
        return [
            await sealed(self._vault, org, livemode=livemode, notice=one, languages=told)
            for one in named
        ]

    async def ready(self, org: UUID, *, livemode: bool) -> None:
        """Have the data key at hand: fetched inside a transaction it needs a second connection."""
        await self._vault.seal(org, livemode=livemode, field="message_to", plain=b"")

    async def _people(
        self, connection: "Connection", org: UUID, *, livemode: bool
    ) -> list[tuple[str, str]]:
        rows = await (await connection.execute(_PEOPLE)).fetchall()
        return [
            (
                await self._opened(org, PHONE, row["phone_sealed"], livemode=livemode),
                await self._opened(org, EMAIL, row["email_sealed"], livemode=livemode),
            )
            for row in rows
        ]

    async def _opened(self, org: UUID, field: str, value: bytes, *, livemode: bool) -> str:
        plain = await self._vault.unseal(org, livemode=livemode, field=field, sealed=value)
        return plain.decode()


def wallet_low(step: SagaStep, low: LowWallet) -> Notice:
    """What the partner's people are told when the wallet has just run low."""
    return Notice(
        event="wallet_low",
        key=f"{step.key}/wallet_low",
        about=step.saga.id,
        facts={
            "balance": str(low.balance),
            "threshold": str(low.threshold),
            "recommended": str(low.recommended),
            "link": "/v1/wallet",
        },
    )
