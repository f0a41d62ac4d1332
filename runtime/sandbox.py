"""The workflow sandbox, once: workers, tests and replays share it.

Modules on the list are imported once and shared, which also spares every run their import.
Files that define a workflow are never listed: their clock and randomness must be the
restricted ones. In listed workflow modules the ban-list of workflows/ruff.toml stands guard.
"""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

PASSED_THROUGH = (
    "models",
    "activities",
    "providers.contract",
    "workflows.attributes",
    "workflows.clock",
    "workflows.operator_rules",
    "workflows.policies",
    "workflows.progress",
    "workflows.queues",
    "workflows.story",
    "workflows.writing",
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
