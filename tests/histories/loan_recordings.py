"""The histories of loans: every ending of a disbursement, and the workflows beside it."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from models.loan import LoanState
from models.loan_calls import HintOrder, LoanRef, Polled, PollOrder
from models.loan_decisions import REVERSAL_WORKFLOW, ReversalOrder, ReversalWord
from models.reading import Reading, Reason, Verdict
from runtime.sandbox import workflow_runner
from tests.histories.loan_endings import endings, play
from tests.workflows.loan_fakes import Keeper, Lender
from tests.workflows.loan_harness import a_loan, an_order
from tests.workflows.loan_readings import AMOUNT, RECEIPT
from workflows.loan_polling import HINT, POLL, LoanHintWorkflow, LoanPollingWorkflow

Recording = Callable[[Client], Awaitable[WorkflowHandle[Any, Any]]]

_ORG = "org_01kab0000000000000000000aa"


def a_reversal(**changes: Any) -> ReversalOrder:
    """Two people undo a loan that was booked."""
    ref = LoanRef(saga=an_order().saga, tenant="default", loan_id=17)
    fields: dict[str, Any] = {
        "ref": ref,
        "state": LoanState.DISBURSED,
        "amount": AMOUNT,
        "receipt": RECEIPT,
        "posted": True,
        "word": ReversalWord.UNDO,
        "actor": "op.amina",
        "approver": "op.brian",
        "reason": "seen in the organisation portal",
        "scale": 0.01,
    }
    return ReversalOrder(**{**fields, **changes})


async def turned_round(
    client: Client, order: ReversalOrder, keeper: Keeper, lender: Lender
) -> WorkflowHandle[Any, Any]:
    """Carry a reversal out to its end."""
    async with a_loan(client, keeper=keeper, lender=lender) as loan:
        handle = await client.start_workflow(
            REVERSAL_WORKFLOW, order, id=str(uuid.uuid4()), task_queue=loan.queue
        )
        await handle.result()
        return handle


class _Polls:
    """Polling without a lender."""

    @activity.defn(name="loan.poll")
    async def poll(self, _order: PollOrder) -> Polled:
        return Polled(seen=2, accepted=1, woken=1)

    @activity.defn(name="loan.hint")
    async def hint(self, _order: HintOrder) -> Polled:
        return Polled(seen=1)


async def _polled(kind: str, order: Any, client: Client) -> WorkflowHandle[Any, Any]:
    queue, polls = f"record-{uuid.uuid4()}", _Polls()
    async with Worker(
        client,
        task_queue=queue,
        workflows=[LoanPollingWorkflow, LoanHintWorkflow],
        activities=[polls.poll, polls.hint],
        workflow_runner=workflow_runner(),
    ):
        handle = await client.start_workflow(kind, order, id=str(uuid.uuid4()), task_queue=queue)
        await handle.result()
        return handle


async def _disbursement(name: str, client: Client) -> WorkflowHandle[Any, Any]:
    ending = endings()[name]
    async with a_loan(
        client, lender=ending.lender, short_code=ending.short_code, keeper=ending.keeper
    ) as loan:
        await play(loan, ending)
        return loan.handle


async def _undone(client: Client) -> WorkflowHandle[Any, Any]:
    return await turned_round(client, a_reversal(), Keeper(LoanState.DISBURSED), Lender())


async def _undo_refused(client: Client) -> WorkflowHandle[Any, Any]:
    refused = Reading(verdict=Verdict.REFUSED, reason=Reason.NOT_ALLOWED)
    lender, keeper = Lender(undone=refused, stands=True), Keeper(LoanState.DISBURSED)
    return await turned_round(client, a_reversal(), keeper, lender)


async def _waived(client: Client) -> WorkflowHandle[Any, Any]:
    order = a_reversal(state=LoanState.REVERSAL_REVIEW, word=ReversalWord.WAIVE)
    return await turned_round(client, order, Keeper(LoanState.REVERSAL_REVIEW), Lender())


#: File stem without its release -> what is played.
LOAN_RECORDINGS: Mapping[str, Recording] = {
    **{f"loan-disbursement-{name}": partial(_disbursement, name) for name in endings()},
    f"{REVERSAL_WORKFLOW}-undone": _undone,
    f"{REVERSAL_WORKFLOW}-undo_refused": _undo_refused,
    f"{REVERSAL_WORKFLOW}-waived": _waived,
    f"{POLL}-done": partial(_polled, POLL, PollOrder(org_id=_ORG, livemode=False)),
    f"{HINT}-done": partial(_polled, HINT, HintOrder(org_id=_ORG, livemode=False, loan_id=17)),
}
