"""Upkeep of partners, once a day: products looked at again, passwords that will end."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from temporalio import activity

from activities import loan_product_rows, message_rows
from activities.languages import chosen
from activities.messages import sealed
from activities.pulse import beating
from activities.telling import tell
from models import ids
from models.credentials import (
    PASSWORD_LIFE,
    CredentialKind,
    NoCredentials,
    credential_object,
    days_to_tell,
)
from models.messages import Notice
from providers.contract import ProviderError, QuestionRefused

if TYPE_CHECKING:
    from activities.contacts import Contacts
    from runtime.database import Database
    from runtime.partners import Partners
    from runtime.vault import Vault

EXPIRING = "credential.password_expiring"

_LENDERS = "select org_id, livemode from credentials where kind = %s and usable"
_AGEING = "select * from credentials where password_set_at is not null"


class PartnerUpkeep:
    """What happens to partners by the calendar alone; each act once."""

    def __init__(
        self, database: "Database", vault: "Vault", partners: "Partners", contacts: "Contacts"
    ) -> None:
        self._database = database
        self._vault = vault
        self._partners = partners
        self._contacts = contacts

    @activity.defn(name="loan_products.sync_all")
    async def sync_products(self) -> int:
        """Ask every lender for its products; returns how many answered. The silent wait a day."""
        async with self._database.system() as connection:
            rows = await (await connection.execute(_LENDERS, [CredentialKind.MIFOS])).fetchall()
        async with beating():
            return sum([await self._synced(row) for row in rows])

    @activity.defn(name="credential.warn")
    async def warn_of_passwords(self) -> int:
        """Tell partners whose initiator password ends in 14, 7, 3 or 1 days; returns how many."""
        async with self._database.system() as connection:
            rows = await (await connection.execute(_AGEING)).fetchall()
        return sum([await self._warned(row, datetime.now(UTC)) for row in rows])

    async def _synced(self, row: Mapping[str, Any]) -> bool:
        org, livemode = row["org_id"], row["livemode"]
        try:
            client = await self._partners.mifos(ids.shown(ids.ORG, org), livemode)
            products = await client.products()
        except (NoCredentials, QuestionRefused, ProviderError) as error:
            activity.logger.warning("products are not synced: %s", error)
            return False
        async with self._database.scoped(org, livemode) as connection:
            await loan_product_rows.keep(connection, org, products, livemode=livemode)
        return True

    async def _warned(self, row: Mapping[str, Any], now: datetime) -> bool:
        days = days_to_tell(row["password_set_at"], now)
        if days is None:
            return False
        org, livemode = row["org_id"], row["livemode"]
        ends = row["password_set_at"] + PASSWORD_LIFE
        step = f"{ids.shown(ids.CREDENTIAL, row['id'])}/{ends.date()}/{days}"
        async with self._database.scoped(org, livemode) as connection:
            languages = await chosen(connection)
        notices = [
            await sealed(self._vault, org, livemode=livemode, notice=notice, languages=languages)
            for notice in await self._notices(row, step=step, days=days)
        ]
        async with self._database.scoped(org, livemode) as connection:
            shown = credential_object(row)
            new = await tell(connection, row, event=EXPIRING, step=step, shown=shown, days=days)
            for notice in notices if new else ():
                await message_rows.queue(connection, notice)
        return new

    async def _notices(self, row: Mapping[str, Any], *, step: str, days: int) -> list[Notice]:
        ends = row["password_set_at"] + PASSWORD_LIFE
        facts = {"short_code": row["short_code"], "days": str(days), "date": str(ends.date())}
        return [
            Notice(
                event="password_expiring",
                key=step,
                to_phone=contact.phone,
                to_email=contact.email,
                facts=facts,
            )
            for contact in await self._contacts.active(row["org_id"], livemode=row["livemode"])
        ]
