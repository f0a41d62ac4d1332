"""The workflow sandbox, once: workers, tests and replays share it.

Modules on the list are imported once and shared, which also spares every run their import.
Files that define a workflow are never listed: their clock and randomness must be the
restricted ones. In listed workflow modules the ban-list of workflows/ruff.toml stands guard.
"""

from typing import Any

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info, SandboxImportNotificationPolicy

PASSED_THROUGH = (
    "models",
    "activities",
    "providers.contract",
    "providers.messaging",
    "workflows.approval_wait",
    "workflows.attributes",
    "workflows.clearing_run",
    "workflows.clearing_sending",
    "workflows.clock",
    "workflows.collection_posting",
    "workflows.collection_receiving",
    "workflows.collection_run",
    "workflows.collection_suspense",
    "workflows.concluding",
    "workflows.draining",
    "workflows.escrow_waking",
    "workflows.float_approval",
    "workflows.float_buying",
    "workflows.float_landing",
    "workflows.float_review",
    "workflows.float_run",
    "workflows.float_transfers",
    "workflows.late_weighing",
    "workflows.leg",
    "workflows.leg_plan",
    "workflows.loan_judging",
    "workflows.loan_paying",
    "workflows.loan_posting",
    "workflows.loan_preflight",
    "workflows.loan_review",
    "workflows.loan_run",
    "workflows.operator_rules",
    "workflows.payout_asking",
    "workflows.payout_bounce",
    "workflows.payout_queue",
    "workflows.payout_run",
    "workflows.payout_sending",
    "workflows.policies",
    "workflows.posting_tries",
    "workflows.progress",
    "workflows.queues",
    "workflows.refund_allowing",
    "workflows.refund_funding",
    "workflows.refund_giving",
    "workflows.refund_room",
    "workflows.refund_wishes",
    "workflows.saga",
    "workflows.story",
    "workflows.vault",
    "workflows.writing",
)


class _Runner(SandboxedWorkflowRunner):
    """The SDK's sandbox, entered only to run a workflow."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """A sandboxed run."""
        return _Instance(super().create_instance(det))


class _Instance(WorkflowInstance):
    """Payloads have no context: neither our converter nor our codec asks for one.

    The SDK enters the sandbox several times per payload to learn it, which was a seventh of
    what a worker does.
    """

    def __init__(self, sandboxed: WorkflowInstance) -> None:
        self._sandboxed = sandboxed

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Run the workflow as far as it goes, in the sandbox."""
        return self._sandboxed.activate(act)

    def get_info(self) -> Info:
        """What the run is."""
        return self._sandboxed.get_info()

    def get_thread_id(self) -> int | None:
        """The thread it runs on, for the deadlock report."""
        return self._sandboxed.get_thread_id()

    def get_serialization_context(self, command_info: Any) -> None:
        """None."""

    def get_external_store_context(
        self,
        command_info: Any,  # noqa: ARG002 - the SDK's signature
    ) -> StorageDriverStoreContext:
        """None: nothing is stored elsewhere."""
        return StorageDriverStoreContext(target=None)


def workflow_runner() -> SandboxedWorkflowRunner:
    """Raises at worker start for any import that is not on the list."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    policy = (
        SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
        | SandboxImportNotificationPolicy.WARN_ON_DYNAMIC_IMPORT
    )
    return _Runner(restrictions=restrictions.with_import_notification_policy(policy))
