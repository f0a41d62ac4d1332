"""Accepting a float purchase: quoted, checked, claimed, and its code sent, in one transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from psycopg import errors as sql
from pydantic import TypeAdapter
from starlette.responses import Response

from activities.accepting import Newcomer, accept
from activities.contacts import Contact, Contacts
from activities.tariffs import tariffs_at
from api import float_codes
from api.answers import answer
from api.float_errors import (
    FloatCapReached,
    FloatNotOffered,
    FloatPurchaseOpen,
    FloatReferenceInUse,
    WalletInsufficient,
)
from api.keys import Caller
from api.methods import wrong
from api.partner_errors import NoCredential
from api.parts import Parts
from api.queries import float_purchases as queries
from api.schemas.float_purchases import CreateFloatPurchase
from ledger import wallets
from models import ids, otp
from models.float_order import WORKFLOW, FloatOrder
from models.float_purchase import FloatState
from models.moments import moment
from models.money import FractionNotCarried, Money
from models.places import BankAccount
from models.saga import SagaKind, SagaRef, Shown
from models.saga_view import saga_object
from models.tariff import ChargeLine, NoTariff, TariffCode, float_quote
from runtime.database import Connection
from runtime.starting import float_start

_ORDER = TypeAdapter(FloatOrder)
_BANK = "ncba"
#: What each charge is called where it is shown.
_NAMES = {TariffCode.FLOAT_TRANSFER: "transfer", TariffCode.FLOAT_PROCESSING: "processing"}


@dataclass(slots=True)
class FloatAcceptance:
    """One request; called with the open transaction, then sent."""

    parts: Parts
    caller: Caller
    body: CreateFloatPurchase
    order: FloatOrder | None = None

    async def __call__(self, connection: Connection) -> Response:
        """Accept it. Raises what it is refused for; then nothing is written and no code sent."""
        if not self.parts.bank.configured:
            raise FloatNotOffered("no bank is configured")
        await queries.one_at_a_time(connection, self.caller.org)
        approver = await self._approver(connection)
        order = await self._order(connection)
        await self._check(connection, order)
        try:
            row = await accept(connection, await self._newcomer(order))
        except sql.UniqueViolation as error:
            if error.diag.constraint_name != "sagas_reference":
                raise
            raise FloatReferenceInUse("take another reference") from error
        if row is None:
            raise await self._open(connection, order.short_code)
        await float_codes.send_code(self.parts, connection, row, approver, number=1)
        self.order = order
        return answer(saga_object(row), 201)

    def send(self) -> None:
        """After the commit: start it. Whatever fails here, the relay does."""
        if self.order is not None:
            dispatcher = self.parts.dispatcher
            dispatcher.soon(partial(dispatcher.start, float_start(self.order)))

    async def _approver(self, connection: Connection) -> Contact:
        """The partner's person who has to agree."""
        contacts = Contacts(self.parts.database, self.parts.vault)
        try:
            user = ids.parsed(ids.USER, self.body.approver)
        except ids.BadId as error:
            raise wrong("/approver", "not a usr_… id") from error
        found = await contacts.within(connection, user)
        if found is None:
            raise wrong("/approver", "no active authorised user has this id")
        return found

    async def _order(self, connection: Connection) -> FloatOrder:
        caller, bank = self.caller, self.parts.bank
        scale = float_codes.scale(self.parts, livemode=caller.livemode)
        amount = self._amount()
        saga = SagaRef(
            id=ids.mint(ids.FLOAT_PURCHASE),
            kind=SagaKind.FLOAT,
            org_id=ids.shown(ids.ORG, caller.org),
            livemode=caller.livemode,
        )
        return FloatOrder(
            saga=saga,
            amount=amount,
            charges=await self._charges(connection, amount),
            short_code=await self._short_code(connection),
            pool=BankAccount(bank=_BANK, account=bank.pool_account),
            funding=bank.funding,
            code_expires_at=datetime.now(UTC) + timedelta(seconds=otp.LIFETIME * scale),
            deadline=bank.float_hours * 3600,
            wait_scale=scale,
        )

    def _amount(self) -> Money:
        amount = Money(self.body.amount, self.body.currency)
        try:
            amount.whole()
        except FractionNotCarried as error:
            raise wrong("/amount", "M-Pesa carries whole shillings only") from error
        return amount

    async def _charges(self, connection: Connection, amount: Money) -> tuple[ChargeLine, ...]:
        now = datetime.now(UTC)
        try:
            tariffs = await tariffs_at(connection, now)
            return float_quote(tariffs, amount, now, transfers=self.parts.bank.transfers).lines
        except NoTariff as error:
            raise wrong("/amount", "no tariff is in force for this amount") from error

    async def _short_code(self, connection: Connection) -> str:
        """The one loans are paid from: float for another is not sold."""
        known = await queries.short_code(connection)
        if known is None:
            raise NoCredential("enter a valid mpesa_b2c credential first")
        if self.body.short_code not in {None, known}:
            raise wrong("/short_code", "not the short code of your mpesa_b2c credential")
        return known

    async def _check(self, connection: Connection, order: FloatOrder) -> None:
        """The wallet, the day's cap and the hour's codes."""
        wallet = await wallets.wallet(connection, self.caller.org, order.amount.currency)
        missing = order.total.minor - wallet.available.minor
        if missing > 0:
            raise WalletInsufficient(
                f"{order.total} are needed, {wallet.available} are available",
                total=str(order.total.minor),
                available=str(wallet.available.minor),
                missing=str(missing),
            )
        spent = await queries.spent_within_a_day(connection, order.amount.currency)
        left = self.parts.settings.float_per_day - spent
        if order.amount.minor > left:
            raise FloatCapReached("buy less, or tomorrow", left=str(max(left, 0)))
        await float_codes.check_hourly_cap(self.parts, connection)

    async def _newcomer(self, order: FloatOrder) -> Newcomer:
        caller = self.caller
        sealed = await self.parts.vault.seal(
            caller.org, livemode=caller.livemode, field="start", plain=_ORDER.dump_json(order)
        )
        return Newcomer(
            ref=order.saga,
            state=FloatState.OTP_PENDING,
            workflow=WORKFLOW,
            sealed=sealed,
            at=datetime.now(UTC),
            actor=caller.principal,
            claim=order.short_code,
            reference=self.body.reference,
            amount=order.amount,
            data=_shown(order, self.body.approver),
        )

    async def _open(self, connection: Connection, short_code: str) -> FloatPurchaseOpen:
        holder = await queries.open_purchase(connection, short_code)
        if holder is None:
            return FloatPurchaseOpen("wait for it")
        named = ids.shown(ids.FLOAT_PURCHASE, holder)
        return FloatPurchaseOpen("wait for it, or cancel it", purchase=named)


def _shown(order: FloatOrder, approver: str) -> dict[str, Shown]:
    """The quote line by line, and who approves. What is not done costs nothing."""
    shown: dict[str, Shown] = {"short_code": order.short_code, "approver": approver}
    shown |= {f"{name}_{part}": 0 for name in _NAMES.values() for part in ("fee", "tax")}
    for line in order.charges:
        shown[f"{_NAMES[line.code]}_fee"] = line.net.minor
        shown[f"{_NAMES[line.code]}_tax"] = line.tax.minor
    shown["total"] = order.total.minor
    shown["codes_sent"] = 1
    shown["code_expires_at"] = moment(order.code_expires_at)
    return shown
