"""How a worker serves one queue. The benchmark's bare baseline runs on the same settings."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import PollerBehaviorSimpleMaximum, Worker

from runtime.sandbox import workflow_runner
from runtime.settings import Settings
from workers.catalogue import Queue

#: A fixed number: autoscaling pollers lose about one task in three hundred under load (measured,
#: docs/performance.md); the lost one waits for its heartbeat timeout.
_POLLERS = PollerBehaviorSimpleMaximum(10)
#: Workflow tasks at once, and so local activities at once: each is a step of the database, and a
#: process has ten connections to it. What is over waits at the server, where waiting costs
#: nothing; let in, it waits for a connection until its seconds run out, is done a second time as
#: an ordinary activity, and the more is let in the less is done (docs/performance.md).
_STEPS = 24


def serving(client: Client, queue: Queue, settings: Settings) -> Worker:
    """A worker of one queue; at shutdown it lets running calls finish."""
    return Worker(
        client,
        task_queue=queue.name,
        workflows=list(queue.workflows),
        activities=list(queue.activities),
        workflow_runner=workflow_runner(),
        max_concurrent_activities=200,
        max_concurrent_workflow_tasks=_STEPS,
        max_concurrent_local_activities=_STEPS,
        max_cached_workflows=2000,
        workflow_task_poller_behavior=_POLLERS,
        activity_task_poller_behavior=_POLLERS,
        graceful_shutdown_timeout=timedelta(seconds=settings.graceful_shutdown_seconds),
    )
