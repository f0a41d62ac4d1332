"""Check one credential: the calls, then the result that comes by callback, then the verdict."""

import contextlib
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.credential_checks import CredentialChecks
from models.credential_check import (
    CREDENTIAL_CHECK,
    REPORTED,
    Check,
    CheckOrder,
    CheckVerdict,
    Probe,
    initiator_check,
)
from models.reading import ProviderReport, Reading
from workflows.policies import TRIES_ONCE, WRITES, ordinary

_BROKEN = Check(name="calls", passed=None, detail="the check broke off; check again")


@workflow.defn(name=CREDENTIAL_CHECK)
class CredentialCheckWorkflow:
    """Its id names credential and version: what was entered is tried once."""

    @workflow.init
    def __init__(self, order: CheckOrder) -> None:
        self._order = order
        self._result: Reading | None = None

    @workflow.run
    async def run(self, order: CheckOrder) -> str:
        """The credential's state afterwards."""
        probed = await self._probed()
        checks = probed.checks
        if probed.awaits_result:
            checks = (*checks, await self._initiator())
        verdict = CheckVerdict(order=order, checks=checks)
        return await workflow.execute_activity_method(
            CredentialChecks.conclude, verdict, **ordinary(WRITES, "write what was found")
        )

    @workflow.signal(name=REPORTED)
    def reported(self, report: ProviderReport) -> None:
        """The balances, or why not. A queue's time-out carries no code and says nothing."""
        if report.reading.provider_code is not None and self._result is None:
            self._result = report.reading

    async def _probed(self) -> Probe:
        summary = f"try {self._order.kind}, once"
        try:
            return await workflow.execute_activity_method(
                CredentialChecks.probe, self._order, **ordinary(TRIES_ONCE, summary)
            )
        except ActivityError:  # never a second try by itself: a wrong password locks
            return Probe(checks=(_BROKEN,))

    async def _initiator(self) -> Check:
        patience = timedelta(seconds=self._order.patience)
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._result is not None,
                timeout=patience,
                timeout_summary="the initiator's result",
            )
        return initiator_check(self._result)
