"""A payer's form becomes a confirmation: the same acceptance the API has, and no other."""

from collections.abc import Mapping
from datetime import timedelta

from activities.payer_letters import EMAIL, PHONE
from api.confirmation import Confirmation
from api.errors import Conflict, Invalid, MethodDown
from api.parts import Parts
from api.payer.access import SESSION, Visitor
from api.payer.forms import Payment
from api.payer.methods import Method, predicted
from api.payer.queries import Contact, keep_contact, prompted
from api.payer.view import Look
from api.phones import phone_of
from api.schemas.checkouts import ConfirmCheckout, Payer
from runtime.database import Connection
from runtime.vault import lookup

#: Prompts one number may get from one merchant's pages in that time.
MOST_PROMPTS, PROMPTS_IN = 5, timedelta(minutes=10)


class Wrong(Exception):
    """The form cannot be taken as it is: what is wrong, by field; `sure`: what to insist on."""

    def __init__(self, fields: Mapping[str, str], *, sure: str = "") -> None:
        super().__init__(", ".join(fields))
        self.fields, self.sure = fields, sure


class Paying:
    """One form of one session."""

    def __init__(self, parts: Parts, who: Visitor, looked: Look, form: Payment) -> None:
        self._parts, self._who = parts, who
        self._looked, self._form = looked, form
        self._say = looked.voice

    async def pay(self) -> None:
        """Ask the payer, once. Raises Wrong; where the session moved on, nothing is done."""
        if self._form.bad_email:
            raise Wrong({"email": self._say("wrong_email")})
        method = self._method()
        phone = self._phone(method)
        carried = await self._parts.rails.lets_through(method)
        confirmation = self._confirmation(method, phone, carried=carried)
        contact = await self._contact(phone)
        caller = self._who.caller
        try:
            async with self._parts.database.scoped(caller.org, caller.livemode) as connection:
                await self._check_rate(connection, phone)
                await confirmation(connection)
                await keep_contact(connection, self._who.owner, contact)
        except Invalid as error:
            raise Wrong({"method": self._say("wrong_method")}) from error
        except MethodDown as error:
            raise self._down(method) from error
        except Conflict:
            return  # the page shows where the session stands
        confirmation.send()

    def _method(self) -> str:
        """The method chosen, or the number's. Raises Wrong."""
        if not self._form.phone:
            raise Wrong({"phone": self._say("missing_phone")})
        offered = {one.name: one for one in self._looked.methods}
        owner = predicted(self._form.phone, self._looked.methods)
        name = self._form.method or owner
        if name is None:
            raise Wrong({"method": self._say("missing_method")})
        if name not in offered:
            raise Wrong({"method": self._say("wrong_method")})
        if not offered[name].up and not self._form.waits:
            raise self._down(name)
        self._check_owner(offered[name], offered[owner] if owner else None)
        return name

    def _check_owner(self, chosen: Method, owner: Method | None) -> None:
        """A number of another operator is asked about once: it may have been ported."""
        if owner is None or owner == chosen or chosen.own_page:
            return
        if self._form.sure != chosen.name:
            told = self._say("other_method", other=owner.title, method=chosen.title)
            raise Wrong({"method": told}, sure=chosen.name)

    def _down(self, name: str) -> Wrong:
        titles = {one.name: one.title for one in self._looked.methods}
        return Wrong({"method": self._say("down", method=titles[name])})

    def _phone(self, method: str) -> str:
        one = next(one for one in self._looked.methods if one.name == method)
        try:
            return phone_of(
                self._form.phone[:24], countries=one.countries, pointer="/phone", whose=one.title
            )
        except Invalid as error:
            example = self._looked.facts()["example"]
            raise Wrong({"phone": self._say("wrong_phone", example=example)}) from error

    def _confirmation(self, method: str, phone: str, *, carried: bool) -> Confirmation:
        body = ConfirmCheckout(
            method=method,
            payer=Payer(phone=f"+{phone}"),
            when_down="queue" if self._form.waits else "refuse",
        )
        back = self._parts.settings.page_url(SESSION, self._who.owner)
        meant = self._looked.number
        return Confirmation(
            self._parts,
            self._who.caller,
            self._who.owner,
            body,
            carried=carried,
            back=back,
            meant=meant,
        )

    async def _check_rate(self, connection: Connection, phone: str) -> None:
        found = lookup(self._parts.settings.lookup_secret, self._who.caller.org, phone)
        if await prompted(connection, found, PROMPTS_IN) >= MOST_PROMPTS:
            raise Wrong({"phone": self._say("prompts")})

    async def _contact(self, phone: str) -> Contact:
        """Where to tell the payer, sealed before the transaction: it may need a connection."""
        return Contact(
            phone=await self._seal(PHONE, phone if self._form.by_sms else ""),
            email=await self._seal(EMAIL, self._form.email),
            language=str(self._say.language),
        )

    async def _seal(self, field: str, text: str) -> bytes | None:
        caller = self._who.caller
        sealed = await self._parts.vault.seal(
            caller.org, livemode=caller.livemode, field=field, plain=text.encode()
        )
        return sealed if text else None
