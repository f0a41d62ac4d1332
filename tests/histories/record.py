"""Record the histories that replay guards: `python -m tests.histories.record`.

Old releases' files are kept. Files are named `{release}-{workflow}-{ending}.json`; existing ones
are left alone unless `--again` is given, because a history once shipped is a promise to runs in
flight.
"""

import argparse
import asyncio
import os
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from models.case import CaseDecision, CaseWord
from models.charge import Charge, Question
from models.checkout import AttemptOrder
from models.delivery import DeliveryOrder, Page
from models.messages import MessageOrder
from models.reading import ProviderReport, Reading, Source, Verdict
from models.stray import StrayOrder
from runtime.sandbox import workflow_runner
from runtime.settings import Settings
from runtime.temporal import data_converter
from tests.histories.batch_endings import BATCH_ENDINGS
from tests.histories.clearing_endings import CLEARING_PLAYS
from tests.histories.collection_endings import COLLECTION_ENDINGS
from tests.histories.endings import ENDINGS, Ending, play
from tests.histories.escrow_endings import ESCROW_ENDINGS
from tests.histories.float_endings import FLOAT_PLAYS
from tests.histories.loan_recordings import LOAN_RECORDINGS
from tests.histories.partner_endings import PARTNER_ENDINGS
from tests.histories.payout_endings import PAYOUT_PLAYS
from tests.histories.refund_endings import REFUND_ENDINGS
from tests.histories.topup_endings import TOPUP_ENDINGS
from tests.workflows.harness import PAID, a_saga, an_attempt, an_order
from workers.catalogue import WORKFLOWS
from workflows.attributes import MODE, ORG, PROVIDER, STATUS

FOLDER = Path(__file__).parent
RELEASE = "0.1.0"


async def checkout(client: Client, ending: Ending) -> WorkflowHandle[Any, Any]:
    """Play one ending of a checkout."""
    async with a_saga(
        client, prompts=list(ending.prompts), answers=list(ending.answers), terms=ending.terms
    ) as saga:
        await play(saga, ending)
        return saga.handle


class Scripted:
    """Activities of the small workflows, answering from what they are given."""

    def __init__(self, *pages: Page | Exception, weighed: str = "evidence") -> None:
        self._pages, self._weighed = list(pages), weighed

    @activity.defn(name="notices.deliver")
    async def deliver(self, _order: DeliveryOrder) -> Page:
        return self._page()

    @activity.defn(name="messages.deliver")
    async def send(self, _order: MessageOrder) -> Page:
        return self._page()

    def _page(self) -> Page:
        page = self._pages.pop(0) if self._pages else Page()
        if isinstance(page, Exception):
            raise page
        return page

    @activity.defn(name="session.expire")
    async def expire(self) -> int:
        return 3

    @activity.defn(name="data.purge")
    async def purge(self) -> int:
        return 7

    @activity.defn(name="case.decide")
    async def decide(self, decision: CaseDecision) -> str:
        return str(decision.word)

    @activity.defn(name="stray.weigh")
    async def weigh(self, _order: StrayOrder) -> str:
        return self._weighed

    @activity.defn(name="charge.ask")
    async def ask(self, question: Question) -> ProviderReport:
        return _told(question.charge, Source.QUERY)


async def small(
    client: Client, workflow: str, scripted: Scripted, arguments: Sequence[Any]
) -> WorkflowHandle[Any, Any]:
    """Run one of the small workflows to its end."""
    queue = f"record-{uuid.uuid4()}"
    async with Worker(
        client,
        task_queue=queue,
        workflows=list(WORKFLOWS),
        activities=[
            scripted.deliver,
            scripted.send,
            scripted.expire,
            scripted.purge,
            scripted.decide,
            scripted.weigh,
            scripted.ask,
        ],
        workflow_runner=workflow_runner(),
    ):
        handle = await client.start_workflow(
            workflow, args=arguments, id=str(uuid.uuid4()), task_queue=queue
        )
        await handle.result()
        return handle


def a_stray(*, hint: bool) -> StrayOrder:
    """A success told after the session has ended."""
    order, attempt = an_order(), an_attempt()
    return StrayOrder(
        key="digest",
        org_id=order.org_id,
        livemode=False,
        checkout_id=order.checkout_id,
        payment_id=order.payment_id,
        attempt_id=attempt.id,
        report=_report(attempt, hint=hint),
        question=Question(provider="mpesa", charge=attempt.charge),
    )


def a_decision() -> CaseDecision:
    """Two people give late money to the merchant."""
    return CaseDecision(
        case_id="case_1",
        org_id="org_1",
        livemode=False,
        word=CaseWord.ACCEPT,
        actor="op.amina",
        approver="op.brian",
        reason="the order still stands",
    )


def _report(attempt: AttemptOrder, *, hint: bool) -> ProviderReport:
    return ProviderReport(
        attempt_id=attempt.id, source=Source.CALLBACK, reading=PAID, evidence_id="evd_1", hint=hint
    )


def _told(charge: Charge, source: Source) -> ProviderReport:
    reading = Reading(verdict=Verdict.SETTLED, receipt="R1")
    return ProviderReport(
        attempt_id=charge.attempt_id, source=source, reading=reading, evidence_id="evd_2"
    )


def small_ones() -> dict[str, tuple[str, Scripted, Sequence[Any]]]:
    """The other workflows' endings."""
    endpoint = DeliveryOrder(endpoint_id="we_1")
    outbox = MessageOrder(org_id="org_1", livemode=False)
    pages = (Page(delivered=20, more=True), Page(delivered=3))
    return {
        "webhook-delivery-drained": ("webhook-delivery", Scripted(*pages), [endpoint]),
        "webhook-delivery-parked": ("webhook-delivery", Scripted(Page(failed=2)), [endpoint]),
        "webhook-delivery-retried": (
            "webhook-delivery",
            Scripted(ConnectionError("away"), Page(delivered=1)),
            [endpoint],
        ),
        "message-delivery-drained": ("message-delivery", Scripted(*pages), [outbox]),
        "message-delivery-parked": ("message-delivery", Scripted(Page(failed=2)), [outbox]),
        "message-delivery-retried": (
            "message-delivery",
            Scripted(ConnectionError("away"), Page(delivered=1)),
            [outbox],
        ),
        "stray-report-evidence": ("stray-report", Scripted(), [a_stray(hint=False)]),
        "stray-report-confirmed": (
            "stray-report",
            Scripted(weighed="late_money"),
            [a_stray(hint=True)],
        ),
        "session-expiry-done": ("session-expiry", Scripted(), []),
        "data-purge-done": ("data-purge", Scripted(), []),
        "case-decision-accepted": ("case-decision", Scripted(), [a_decision()]),
    }


async def record(*, again: bool) -> None:
    """Write every history that is not there yet."""
    environment = await WorkflowEnvironment.start_local(
        dev_server_existing_path=os.environ["TEMPORAL_CLI_PATH"],
        dev_server_log_level="error",
        search_attributes=[STATUS, PROVIDER, ORG, MODE],
        data_converter=data_converter(Settings()),
    )
    for name, ending in ENDINGS.items():
        path = FOLDER / f"{RELEASE}-checkout-{name}.json"
        if again or not path.exists():
            await _save(path, await checkout(environment.client, ending))
    for name, (workflow, scripted, arguments) in small_ones().items():
        path = FOLDER / f"{RELEASE}-{name}.json"
        if again or not path.exists():
            await _save(path, await small(environment.client, workflow, scripted, arguments))
    for name, play_partner in {
        **PARTNER_ENDINGS,
        **TOPUP_ENDINGS,
        **CLEARING_PLAYS,
        **FLOAT_PLAYS,
        **PAYOUT_PLAYS,
        **ESCROW_ENDINGS,
        **REFUND_ENDINGS,
        **BATCH_ENDINGS,
        **LOAN_RECORDINGS,
        **COLLECTION_ENDINGS,
    }.items():
        path = FOLDER / f"{RELEASE}-{name}.json"
        if again or not path.exists():
            await _save(path, await play_partner(environment.client))
    await environment.shutdown()


async def _save(path: Path, handle: WorkflowHandle[Any, Any]) -> None:
    history = await handle.fetch_history()
    path.write_text(history.to_json() + "\n")  # noqa: ASYNC240 - a tool with nothing else to do
    print(f"{path.name}: {len(history.events)} events", flush=True)  # noqa: T201 - a tool's progress


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Record workflow histories for replay.")
    parser.add_argument("--again", action="store_true", help="record existing ones anew")
    asyncio.run(record(again=parser.parse_args().again))
    os._exit(0)  # a process that hosted a worker does not exit cleanly (docs/operations.md)
