"""Endings of a partner's workflows: what `record` writes and replay reads."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from models.credential_check import (
    CREDENTIAL_CHECK,
    REPORTED,
    Check,
    CheckOrder,
    CheckVerdict,
    Probe,
    state_of,
)
from models.reading import ProviderReport, Reading, Source
from runtime.sandbox import workflow_runner
from workflows.credential_check import CredentialCheckWorkflow
from workflows.partner_upkeep import NAME, PartnerUpkeepWorkflow

Play = Callable[[Client], Awaitable[WorkflowHandle[Any, Any]]]

_TOKEN = Check(name="token", passed=True)


class Scripted:
    """Activities that answer from what they are given."""

    def __init__(self, probed: Probe | None = None) -> None:
        self._probed = probed

    @activity.defn(name="credential.probe")
    async def probe(self, _order: CheckOrder) -> Probe:
        if self._probed is None:
            raise ConnectionError("away")
        return self._probed

    @activity.defn(name="credential.conclude")
    async def conclude(self, verdict: CheckVerdict) -> str:
        return str(state_of(verdict.checks))

    @activity.defn(name="credential.warn")
    async def warn(self) -> int:
        return 1

    @activity.defn(name="loan_products.sync_all")
    async def sync(self) -> int:
        return 2


def _check(probed: Probe | None, *reports: ProviderReport) -> Play:
    async def play(client: Client) -> WorkflowHandle[Any, Any]:
        order = CheckOrder(
            credential_id="cred_1",
            org_id="org_1",
            livemode=False,
            kind="mpesa_b2c",
            version=1,
            patience=10.0 if reports else 0.3,
        )
        return await _run(client, Scripted(probed), CREDENTIAL_CHECK, [order], *reports)

    return play


async def _upkeep(client: Client) -> WorkflowHandle[Any, Any]:
    return await _run(client, Scripted(), NAME, [])


async def _run(
    client: Client, scripted: Scripted, name: str, arguments: list[Any], *reports: ProviderReport
) -> WorkflowHandle[Any, Any]:
    queue = f"record-{uuid.uuid4()}"
    async with Worker(
        client,
        task_queue=queue,
        workflows=[CredentialCheckWorkflow, PartnerUpkeepWorkflow],
        activities=[scripted.probe, scripted.conclude, scripted.warn, scripted.sync],
        workflow_runner=workflow_runner(),
    ):
        handle = await client.start_workflow(
            name, args=arguments, id=str(uuid.uuid4()), task_queue=queue
        )
        for report in reports:
            await handle.signal(REPORTED, report)
        await handle.result()
        return handle


def _report(code: str | None) -> ProviderReport:
    return ProviderReport(
        attempt_id="cred_1",
        source=Source.CALLBACK,
        reading=Reading(verdict=None, provider_code=code),
        evidence_id="evd_1",
    )


_ASKED = Probe(checks=(_TOKEN,), awaits_result=True)

PARTNER_ENDINGS: dict[str, Play] = {
    "credential-check-valid": _check(_ASKED, _report(None), _report("0")),
    "credential-check-refused": _check(_ASKED, _report("2001")),
    "credential-check-silent": _check(_ASKED),
    "credential-check-complete_at_once": _check(Probe(checks=(_TOKEN,))),
    "credential-check-broken": _check(None),
    "partner-upkeep-done": _upkeep,
}
