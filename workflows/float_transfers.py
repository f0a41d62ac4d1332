"""Between the pool account and the one float is bought from: there, and back where refused."""

import dataclasses

from temporalio import workflow

from activities.float_buying import FloatBuying, TransferOrder
from activities.float_watching import FloatWatching
from models.float_decisions import FloatDecision, FloatWord
from models.float_order import RETURN, TRANSFER, TRANSFER_TERMS
from models.float_purchase import FloatState
from models.reading import ProviderReport, Source, Verdict
from models.saga import Instruct, SagaCase
from models.vault_postings import FloatHoldReleased, FloatSentBack, FloatTransferConfirmed
from workflows.concluding import concluded, signed
from workflows.float_run import FloatRun, why
from workflows.leg_plan import Call, Plan
from workflows.policies import ASKS, MOVES_MONEY, ordinary
from workflows.saga import OPENED, Change


class Transfers:
    """The stages held, transferring, float refused and returning."""

    def __init__(self, run: FloatRun) -> None:
        self._run = run

    async def begin(self) -> None:
        """Where float is bought from the pool account itself there is nothing to transfer."""
        if self._run.order.transfers:
            await self.transfer()
        else:
            await self._run.saga.write(Change(to=FloatState.PURCHASING))

    async def transfer(self) -> None:
        """Carry the transfer; the hold is released only where no money left."""
        run, order = self._run, self._run.order
        told = run.instruct(TRANSFER, await run.facts())
        ended = await run.carry(self._there(told))
        if ended is None:
            return
        instruct, report = ended
        if report.verdict is Verdict.SETTLED:
            posting = FloatTransferConfirmed(
                purchase_id=order.saga.id,
                amount=order.amount,
                pool=order.pool,
                short_code=order.short_code,
            )
            change = Change(
                to=FloatState.PURCHASING, instruct=instruct, evidence=(report,), posting=posting
            )
            await run.saga.write(concluded(run.ears, change))
        else:
            await self._release(FloatState.TRANSFER_REFUSED, instruct, report)

    async def refused(self) -> None:
        """Where nothing was transferred the hold is released; else two people decide."""
        run = self._run
        facts = await run.facts()
        if not facts.transferred:
            await self._release(FloatState.RETURNED, None, None)
            return
        word = await run.word()
        if word is not None:
            await self._decided(word)

    async def send_back(self) -> None:
        """Carry the money back to the pool account; refused, people decide again."""
        run, order = self._run, self._run.order
        told = run.instruct(RETURN, await run.facts())
        ended = await run.carry(self._back(told))
        if ended is None:
            return
        instruct, report = ended
        if report.verdict is not Verdict.SETTLED:
            await run.saga.write(refusal(instruct, report, transferred=True))
            return
        posting = FloatSentBack(
            purchase_id=order.saga.id,
            amount=order.amount,
            charges=order.charges,
            pool=order.pool,
            short_code=order.short_code,
        )
        change = Change(
            to=FloatState.RETURNED,
            instruct=instruct,
            evidence=(report,),
            posting=posting,
            claims=False,
            events=("float_purchase.returned",),
            notices=(run.refused("the bank refused it"),),
        )
        await run.saga.write(concluded(run.ears, change))

    async def _release(
        self, state: FloatState, instruct: Instruct | None, report: ProviderReport | None
    ) -> None:
        run, order = self._run, self._run.order
        posting = FloatHoldReleased(
            purchase_id=order.saga.id, amount=order.amount, charges=order.charges
        )
        change = Change(
            to=state,
            instruct=instruct,
            evidence=(report,) if report else (),
            posting=posting,
            claims=False,
            events=(f"float_purchase.{state}",),
            notices=(run.refused(why(report) if report else "the bank refused it"),),
        )
        await run.saga.write(concluded(run.ears, change))

    async def _decided(self, word: FloatDecision) -> None:
        retry = word.word is FloatWord.RETRY
        change = Change(
            to=FloatState.PURCHASING if retry else FloatState.RETURNING, needs_review=False
        )
        try:
            await self._run.saga.write(signed(change, word))
        finally:
            self._run.decisions.remove(word)

    def _there(self, told: Instruct) -> Plan:
        order = self._run.order
        return self._plan(
            told,
            (FloatState.TRANSFERRING, FloatState.TRANSFER_UNKNOWN),
            (order.pool.account, order.funding),
        )

    def _back(self, told: Instruct) -> Plan:
        order = self._run.order
        return self._plan(
            told,
            (FloatState.RETURNING, FloatState.RETURN_UNKNOWN),
            (order.funding, order.pool.account),
        )

    def _plan(
        self, told: Instruct, states: tuple[FloatState, FloatState], accounts: tuple[str, str]
    ) -> Plan:
        sending, unknown = states
        look = self._run.on_statement(told, accounts[0])

        def send(sends: int) -> Call:
            order = TransferOrder(
                intent=self._run.intent(told, sending, sends),
                account=accounts[0],
                to_account=accounts[1],
            )
            summary = f"transfer {told.amount} within the bank"
            return workflow.start_activity_method(
                FloatBuying.transfer, order, **ordinary(MOVES_MONEY, summary)
            )

        def ask() -> Call:
            return workflow.start_activity_method(
                FloatWatching.trace, look, **ordinary(ASKS, "look for it on the statement")
            )

        return Plan(
            instruct=told,
            terms=TRANSFER_TERMS,
            sending=sending,
            unknown=unknown,
            send=send,
            ask=ask,
            convinces=by_other_than_callback,
        )


def by_other_than_callback(report: ProviderReport) -> bool:
    """The bank answers a transfer at once; what it calls back later only the statement proves."""
    return report.source is not Source.CALLBACK


def refusal(instruct: Instruct, report: ProviderReport, *, transferred: bool) -> Change:
    """The order bought nothing; is the money out of the pool account, two people decide."""
    change = Change(to=FloatState.FLOAT_REFUSED, instruct=instruct, evidence=(report,))
    if not transferred:
        return change
    case = SagaCase(
        kind="float_refused",
        cause=instruct.id,
        amount=instruct.amount,
        facts={"why": why(report)},
    )
    events = ("float_purchase.float_refused", OPENED)
    return dataclasses.replace(change, case=case, events=events, needs_review=True)
