"""A payment link makes a session for each use: one row lock says whose turn it is."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg import errors as sql

from api import drafts
from api.cancellation import Cancellation
from api.errors import Conflict, NotFound
from api.parts import Parts
from api.payer.access import Visitor
from api.queries import accepting, views
from api.queries import payment_links as queries
from api.schemas.checkouts import CreateCheckout
from models import ids
from models.events import payment_object
from models.lifecycle import CheckoutState
from runtime.database import Connection

_REFERENCES = "payments_reference"


class LinkOver(Conflict):
    """The link is switched off, or its time is over."""

    code, title = "link_over", "The payment link is no longer in use"


class LinkPaid(Conflict):
    """A link for one payment has been paid."""

    code, title = "link_paid", "The payment link has been paid"


class Opening:
    """One use of a link."""

    def __init__(self, parts: Parts, who: Visitor, amount: int) -> None:
        self._parts, self._who, self._amount = parts, who, amount

    async def open(self) -> UUID:
        """The session to pay; one that waits already where the link is good for one payment.

        Raises LinkOver, LinkPaid or NotFound.
        """
        try:
            return await self._opened("")
        except sql.UniqueViolation as error:
            if error.diag.constraint_name != _REFERENCES:
                raise
        return await self._opened(f"-{os.urandom(3).hex()}")  # the merchant used it elsewhere

    async def _opened(self, suffix: str) -> UUID:
        caller = self._who.caller
        async with self._parts.database.scoped(caller.org, caller.livemode) as connection:
            link = await queries.one(connection, self._who.owner, lock=True)
            if link is None:
                raise NotFound("there is no such page")
            check_usable(link)
            waiting = await self._waiting(connection, link)
            return waiting or await self._made(connection, link, suffix)

    async def _waiting(self, connection: Connection, link: Mapping[str, Any]) -> UUID | None:
        """The session a single link has; None when another may be made."""
        use = await queries.use_of(connection, link["id"]) if link["single"] else None
        # Locked: its payer may be confirming it right now, and then it stays.
        rows = await views.session_rows(connection, use["id"], lock=True) if use else None
        if rows is None:
            return None
        used = rows.checkout
        state = CheckoutState(used["state"])
        if state is CheckoutState.COMPLETE:
            raise LinkPaid("it is good for one payment")
        over = used["expires_at"] <= datetime.now(UTC) or used["amount"] != self._amount
        if state is CheckoutState.PROCESSING or (state is CheckoutState.OPEN and not over):
            found: UUID = used["id"]
            return found
        if state is CheckoutState.OPEN:
            await Cancellation(self._parts, self._who.caller, used["id"])(connection)
        await queries.end_use(connection, used["id"])
        return None

    async def _made(self, connection: Connection, link: Mapping[str, Any], suffix: str) -> UUID:
        drafted = drafts.session(self._body(link, suffix), self._who.caller)
        told = {"object": payment_object(drafted.payment, None), "previous_attributes": {}}
        await accepting.add_session(
            connection,
            drafted.checkout,
            drafted.payment,
            None,
            sealed=b"",
            actor=self._who.caller.principal,
            event=told,
        )
        made: UUID = drafted.checkout["id"]
        await queries.use(connection, link["id"], made)
        return made

    def _body(self, link: Mapping[str, Any], suffix: str) -> CreateCheckout:
        number = f"-{link['uses'] + 1}" if link["uses"] or not link["single"] else ""
        return CreateCheckout(
            amount=self._amount,
            currency=link["currency"],
            reference=f"{link['reference']}{number}{suffix}",
            description=link["description"],
            success_url=link["success_url"],
            cancel_url=link["cancel_url"],
            metadata={"payment_link": ids.shown(ids.LINK, link["id"])},
        )


def check_usable(link: Mapping[str, Any]) -> None:
    """Raises LinkOver when nobody may open it now."""
    if not link["active"]:
        raise LinkOver("it was switched off")
    if link["expires_at"] is not None and link["expires_at"] <= datetime.now(UTC):
        raise LinkOver("its time is over")
