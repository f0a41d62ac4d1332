"""Before money: look at the loan, at the float, at the wallet; hold the charges, or wait."""

import contextlib
import dataclasses

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.lending import Lending
from activities.payouts import Payouts
from models.loan import LoanState, ParkReason
from models.loan_calls import Examined, Reservation
from models.loan_order import BALANCE_QUESTIONS, BALANCE_WAIT, Payable
from models.money import Money
from models.reading import Reason
from models.saga import Trouble
from models.vault_postings import LoanAccepted
from workflows.loan_run import LoanRun
from workflows.policies import ASKS, TRIES_ONCE, WRITES, ordinary
from workflows.saga import Change

#: Daraja says so of our initiator; asking again could lock it.
_NOT_US = frozenset({Reason.CREDENTIALS, Reason.CONFIGURATION})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found, and what stands against paying. `balance`: what M-Pesa may pay out."""

    examined: Examined
    parks: ParkReason | None = None
    detail: str = ""
    balance: Money | None = None


class Preflight:
    """The stages found, parked and preflight."""

    def __init__(self, run: LoanRun) -> None:
        self._run = run
        self._last: Look | None = None

    async def found(self) -> None:
        """Begin."""
        await self._run.write(Change(to=LoanState.PREFLIGHT))

    async def waiting(self) -> None:
        """Wait until a poll, a top-up or a person wakes it; the same reason writes nothing."""
        run = self._run
        run.turn_over()
        await workflow.wait_condition(lambda: run.woken or bool(run.contradictions))
        if run.contradictions:
            return
        look = await self._look()
        if look.parks is not None and look.parks is run.known.parked_for:
            return
        if look.parks is None and look.examined.finding.payable is not None:
            self._last = look
            await run.write(Change(to=LoanState.PREFLIGHT))
        else:
            await self._stop(look)

    async def preflight(self) -> None:
        """Hold the charges of a loan nothing stands against."""
        look, self._last = self._last or await self._look(), None
        payable = look.examined.finding.payable
        if look.parks is not None or payable is None:
            await self._stop(look)
        elif self._run.contradictions:
            return
        elif not await self._reserved(payable):
            await self._run.park(ParkReason.LIMITS, "the limit of the day is reached")
        else:
            await self._hold(look.examined, payable)

    async def _look(self) -> Look:
        """Read the loan again, then see whether the short code can pay it."""
        run = self._run
        run.woken = False
        examined = await workflow.execute_activity_method(
            Lending.examine, run.ref, **ordinary(ASKS, f"read loan {run.order.loan_id} again")
        )
        finding = examined.finding
        if finding.payable is None:
            return Look(examined=examined, parks=finding.parks, detail=finding.detail)
        run.known = dataclasses.replace(run.known, payable=finding.payable)
        return await self._floated(examined, finding.payable.amount)

    async def _floated(self, examined: Examined, amount: Money) -> Look:
        told = await self._utility()
        if told in _NOT_US:
            detail = "M-Pesa refuses the initiator"
            return Look(examined=examined, parks=ParkReason.CREDENTIALS, detail=detail)
        if not isinstance(told, Money):
            detail = "M-Pesa does not tell the balance"
            return Look(examined=examined, parks=ParkReason.FLOAT, detail=detail)
        if told.minor < amount.minor:
            detail = "the utility account does not cover it"
            return Look(examined=examined, parks=ParkReason.FLOAT, detail=detail, balance=told)
        return Look(examined=examined, balance=told)

    async def _utility(self) -> Money | Reason | None:
        """What the utility account may pay out; a reason or None when nobody says."""
        for number in range(1, BALANCE_QUESTIONS + 1):
            reason = await self._asked(number)
            told = self._run.told
            if told is not None and told.utility is not None:
                return told.utility
            reason = told.reason if told is not None else reason
            if reason in _NOT_US:
                return reason
        return None

    async def _asked(self, number: int) -> Reason | None:
        """Ask once and wait for the answer that comes by callback."""
        run = self._run
        run.told = None
        try:
            reading = await workflow.execute_activity_method(
                Payouts.balance,
                run.order.saga,
                **ordinary(TRIES_ONCE, f"ask for the balances, question {number}"),
            )
        except ActivityError:  # lost, or never sent: the next question tells
            reading = None
        if reading is not None and reading.reason in _NOT_US:
            return reading.reason
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: run.told is not None,
                timeout=run.scaled(BALANCE_WAIT),
                timeout_summary="balances",
            )
        return None

    async def _stop(self, look: Look) -> None:
        finding = look.examined.finding
        if look.parks is None:
            await self._run.write(
                Change(
                    to=LoanState.REJECTED,
                    reason=finding.rejects,
                    shows={"rejection": finding.rejects, "day": None},
                    events=("loan_disbursement.rejected",),
                )
            )
            return
        payable = finding.payable
        needed = payable.amount if payable and look.parks is ParkReason.FLOAT else None
        await self._run.park(look.parks, look.detail, needed=needed, balance=look.balance)

    async def _reserved(self, payable: Payable) -> bool:
        wanted = Reservation(
            saga=self._run.order.saga,
            product_id=payable.product_id,
            client_id=payable.client_id,
            day=payable.day.isoformat(),
            amount=payable.amount.minor,
        )
        return await workflow.execute_activity_method(
            Lending.reserve, wanted, **ordinary(WRITES, "take a place under the day's limits")
        )

    async def _hold(self, examined: Examined, payable: Payable) -> None:
        """Set the charges aside; a wallet that cannot bear them parks the loan."""
        run, quote, hold = self._run, examined.quote, self._run.known.hold + 1
        if quote is None:
            raise RuntimeError("a payable loan has a quote")
        charges = LoanAccepted(loan_id=run.order.saga.id, charges=quote.charges, hold=hold)
        change = Change(to=LoanState.HELD, posting=charges, shows=_held(examined, payable, hold))
        written = await run.write(
            change,
            payable=payable,
            quote=quote,
            hold=hold,
            short_code=examined.short_code,
            parked_for=None,
        )
        if written.trouble is Trouble.SHORT:
            await run.park(ParkReason.WALLET, "the wallet is too small", needed=quote.charges)


def _held(examined: Examined, payable: Payable, hold: int) -> dict[str, str | int | None]:
    """What the row shows of what was decided."""
    quote = examined.quote
    return {
        "principal": payable.principal.minor,
        "amount": payable.amount.minor,
        "charges": quote.charges.minor if quote else None,
        "provider_fee": quote.provider_fee.minor if quote and quote.provider_fee else None,
        "product_id": payable.product_id,
        "client_id": payable.client_id,
        "approved_on": payable.approved_on.isoformat() if payable.approved_on else None,
        "day": payable.day.isoformat(),
        "quoted_at": examined.quoted_at.isoformat() if examined.quoted_at else None,
        "short_code": examined.short_code,
        "hold": hold,
        "parked_for": None,
        "parked_detail": None,
        "needed": None,
    }
