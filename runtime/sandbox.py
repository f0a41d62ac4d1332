"""The workflow sandbox, once: workers, tests and replays share it.

Modules on the list are imported once and shared; workflow files themselves never are, or
their clock and randomness would be the unrestricted ones.
"""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

PASSED_THROUGH = (
    "models",
    "activities",
    "providers.contract",
    "workflows.policies",
    "workflows.queues",
)


def workflow_runner() -> SandboxedWorkflowRunner:
    """Raises at worker start for any import that is not on the list."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    policy = (
        SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
        | SandboxImportNotificationPolicy.WARN_ON_DYNAMIC_IMPORT
    )
    return SandboxedWorkflowRunner(
        restrictions=restrictions.with_import_notification_policy(policy)
    )
