"""Telling a partner's people what keeps its loans from being found, once a day."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from activities import message_rows
from activities.languages import chosen
from activities.messages import sealed
from models import ids
from models.messages import Notice

if TYPE_CHECKING:
    from activities.contacts import Contacts
    from runtime.database import Database
    from runtime.vault import Vault


class LoanAlerts:
    """Queues alerts that belong to no loan."""

    def __init__(self, database: "Database", vault: "Vault", contacts: "Contacts") -> None:
        self._database = database
        self._vault = vault
        self._contacts = contacts

    async def refused(self, org: UUID, *, livemode: bool) -> None:
        """The lender's books refuse our user: no loan is found until somebody looks."""
        named = ids.shown(ids.ORG, org)
        facts = {
            "what": "Mifos X refuses our user",
            "affected": "every approved loan",
            "action": "check the user, its password and its permissions",
        }
        people = await self._contacts.active(org, livemode=livemode)
        async with self._database.scoped(org, livemode) as connection:
            languages = await chosen(connection)
        letters = [
            await sealed(
                self._vault,
                org,
                livemode=livemode,
                notice=Notice(
                    event="system_error",
                    key=f"{named}/books-refused/{datetime.now(UTC):%Y-%m-%d}",
                    to_phone=person.phone,
                    to_email=person.email,
                    facts=facts,
                ),
                languages=languages,
            )
            for person in people
        ]
        async with self._database.scoped(org, livemode) as connection:
            for letter in letters:
                await message_rows.queue(connection, letter)
