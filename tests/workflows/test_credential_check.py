"""The workflow of one check: one try, then the result that comes by callback, or none."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from models.credential_check import REPORTED, Check, CheckOrder, CheckVerdict, Probe
from models.reading import ProviderReport, Reading, Source
from runtime.sandbox import workflow_runner
from workflows.credential_check import CredentialCheckWorkflow

TOKEN = Check(name="token", passed=True)


class Tried:
    """Activities by a script; keeps what was concluded."""

    def __init__(self, probed: Probe | Exception) -> None:
        self._probed = probed
        self.tries = 0
        self.concluded: list[CheckVerdict] = []

    @activity.defn(name="credential.probe")
    async def probe(self, _order: CheckOrder) -> Probe:
        self.tries += 1
        if isinstance(self._probed, Exception):
            raise self._probed
        return self._probed

    @activity.defn(name="credential.conclude")
    async def conclude(self, verdict: CheckVerdict) -> str:
        self.concluded.append(verdict)
        return "done"


@asynccontextmanager
async def checking(
    environment: WorkflowEnvironment, tried: Tried, *, patience: float = 20.0
) -> AsyncIterator[WorkflowHandle[Any, str]]:
    queue, order = f"upkeep-{uuid.uuid4()}", an_order(patience)
    async with Worker(
        environment.client,
        task_queue=queue,
        workflows=[CredentialCheckWorkflow],
        activities=[tried.probe, tried.conclude],
        workflow_runner=workflow_runner(),
    ):
        yield await environment.client.start_workflow(
            CredentialCheckWorkflow.run, order, id=f"credential/{uuid.uuid4()}", task_queue=queue
        )


def an_order(patience: float) -> CheckOrder:
    return CheckOrder(
        credential_id="cred_1",
        org_id="org_1",
        livemode=False,
        kind="mpesa_b2c",
        version=1,
        patience=patience,
    )


def a_report(code: str | None) -> ProviderReport:
    return ProviderReport(
        attempt_id="cred_1",
        source=Source.CALLBACK,
        reading=Reading(verdict=None, provider_code=code),
        evidence_id="evd_1",
    )


def names(tried: Tried) -> dict[str, bool | None]:
    (verdict,) = tried.concluded
    return {check.name: check.passed for check in verdict.checks}


async def test_checks_that_are_complete_are_written_at_once(temporal: WorkflowEnvironment) -> None:
    tried = Tried(Probe(checks=(TOKEN,)))
    async with checking(temporal, tried) as handle:
        assert await handle.result() == "done"
    assert names(tried) == {"token": True}


@pytest.mark.parametrize(("code", "passed"), [("0", True), ("2001", False)])
async def test_the_initiators_result_completes_the_check(
    temporal: WorkflowEnvironment, code: str, passed: bool
) -> None:
    tried = Tried(Probe(checks=(TOKEN,), awaits_result=True))
    async with checking(temporal, tried) as handle:
        await handle.signal(REPORTED, a_report(None))
        await handle.signal(REPORTED, a_report(code))
        await handle.result()
    assert names(tried) == {"token": True, "initiator": passed}


async def test_a_result_that_never_comes_leaves_the_question_open(
    temporal: WorkflowEnvironment,
) -> None:
    tried = Tried(Probe(checks=(TOKEN,), awaits_result=True))
    async with checking(temporal, tried, patience=0.2) as handle:
        await handle.result()
    assert names(tried) == {"token": True, "initiator": None}


async def test_a_check_that_breaks_is_not_tried_again(temporal: WorkflowEnvironment) -> None:
    tried = Tried(ConnectionError("away"))
    async with checking(temporal, tried) as handle:
        await handle.result()
    assert (tried.tries, names(tried)) == (1, {"calls": None})
