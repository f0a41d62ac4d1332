"""Watching a purchase: statement, balances, and what the rows remember. Nothing moves here."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from temporalio import activity

from activities import float_rows as rows
from activities.float_buying import GivesShortCodes, SellsFloat
from activities.pulse import beating
from activities.reports import report
from models import faultpoints, ids
from models.banking import Side, Statement
from models.credentials import NoCredentials
from models.float_calls import FloatLook, StatementLook
from models.float_order import FloatFacts
from models.float_proof import Left, landed, left
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import SagaRef
from providers.contract import Ambiguous, Unreachable
from providers.ncba.amounts import bank_day

if TYPE_CHECKING:
    from runtime.database import Database

_BALANCES = "ke5"
#: A debit is looked for on the day of the order and the days float may take.
_DAYS = timedelta(days=3)
_NOT_YET = Reading(verdict=Verdict.PENDING, reason=Reason.NOT_FOUND)
_UNSAID = Reading(verdict=Verdict.PENDING)


class FloatWatching:
    """Looks, as often as needed."""

    def __init__(
        self,
        *,
        bank: SellsFloat | None,
        partners: GivesShortCodes,
        address: Callable[[str, str], str],
        database: "Database",
        wallet: rows.ReadsWallet,
    ) -> None:
        self._bank = bank
        self._partners = partners
        self._address = address
        self._database = database
        self._wallet = wallet

    @activity.defn(name="float.facts")
    async def facts(self, saga: SagaRef, now: datetime | None = None) -> FloatFacts:
        """What the rows remember, and what was paid until the balances of `now`."""
        async with beating(), self._database.scoped(_org(saga), saga.livemode) as connection:
            purchase = ids.parsed(ids.FLOAT_PURCHASE, saga.id)
            return await rows.facts(connection, purchase, self._wallet, now)

    @activity.defn(name="float.measure")
    async def measure(self, saga: SagaRef) -> bool:
        """Ask for the balances of the short code; whether the question was taken.

        They come to the saga by callback.
        """
        async with beating():
            return await self._ask_for_balances(saga)

    @activity.defn(name="float.trace")
    async def trace(self, look: StatementLook) -> ProviderReport:
        """What the statement shows of a transfer."""
        async with beating():
            return _told(look, await self._on_statement(look))

    @activity.defn(name="float.look")
    async def look(self, look: FloatLook) -> ProviderReport:
        """The next witness of the float: the statement, then the balance of the short code.

        Asks for the balances again, so that the next look has newer ones.
        """
        await faultpoints.reach("float.look.before", look.money.saga.id)
        async with beating():
            said = await self._witness(look)
        await faultpoints.reach("float.look.after", look.money.saga.id)
        return said

    async def _witness(self, look: FloatLook) -> ProviderReport:
        said = await self._on_statement(look.money)
        if _over(said, look):
            no = Reading(verdict=Verdict.REFUSED, reason=Reason.DECLINED)
            return report(look.money.instruction_id, Source.STATEMENT, no)
        if said.verdict is Verdict.SETTLED and Source.STATEMENT not in look.seen:
            return _told(look.money, said)
        shown = await self._by_balance(look)
        return report(look.money.instruction_id, Source.QUERY, shown or _NOT_YET)

    async def _on_statement(self, look: StatementLook) -> Reading:
        """SETTLED: it left and stayed away. REFUSED: it came back. PENDING: not there, so far."""
        if self._bank is None:
            return _UNSAID
        org, today = _org(look.saga), bank_day(datetime.now(UTC))
        async with self._database.scoped(org, look.saga.livemode) as connection:
            at = await rows.begun(connection, ids.parsed(ids.INSTRUCTION, look.instruction_id))
        first = bank_day(at) if at else today
        said = await self._bank.statement(look.account, first, min(today, first + _DAYS))
        return _shown(said, look)

    async def _by_balance(self, look: FloatLook) -> Reading | None:
        if look.before is None or Source.QUERY in look.seen:
            return None
        where = None
        if look.now is not None:
            saga = look.money.saga
            async with self._database.scoped(_org(saga), saga.livemode) as connection:
                currency, moments = look.money.amount.currency, (look.before.at, look.now.at)
                paid = await rows.paid_between(connection, currency, *moments)
            where = landed(look.before, look.now, amount=look.money.amount, paid=paid)
        if where is None:
            await self._ask_for_balances(look.money.saga)
            return None
        return Reading(verdict=Verdict.SETTLED, provider_code=where, amount=look.money.amount)

    async def _ask_for_balances(self, saga: SagaRef) -> bool:
        """One more witness, were it to answer: no purchase waits for it for ever."""
        try:
            client = await self._partners.mpesa(saga.org_id, saga.livemode, "b2c")
            url = self._address(saga.id, _BALANCES)
            return (await client.balance(result_url=url, timeout_url=url)).reason is None
        except (NoCredentials, Unreachable, Ambiguous):
            return False


def _shown(said: Statement, look: StatementLook) -> Reading:
    found = left(said, reference=look.our_reference, amount=look.amount)
    if found is Left.AWAY:
        lines = said.witnesses(reference=look.our_reference, side=Side.DEBIT, amount=look.amount)
        return Reading(
            verdict=Verdict.SETTLED,
            amount=look.amount,
            our_reference=look.our_reference,
            receipt=lines[0].reference,
        )
    back = Reading(verdict=Verdict.REFUSED, reason=Reason.DECLINED)
    return {Left.BACK: back, Left.NEVER: _NOT_YET, Left.UNSAID: _UNSAID}[found]


def _over(said: Reading, look: FloatLook) -> bool:
    """The money came back, or never left although the bank called the purchase refused."""
    never = said.reason is Reason.NOT_FOUND and look.refused
    return said.verdict is Verdict.REFUSED or never


def _told(look: StatementLook, said: Reading) -> ProviderReport:
    final = said.verdict is not None and said.verdict.final
    source = Source.STATEMENT if final else Source.QUERY
    return report(look.instruction_id, source, said)


def _org(saga: SagaRef) -> UUID:
    return ids.parsed(ids.ORG, saga.org_id)
