"""How a worker serves one queue. The benchmark's bare baseline runs on the same settings."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker

from runtime.sandbox import workflow_runner
from runtime.settings import Settings
from workers.catalogue import Queue


def serving(client: Client, queue: Queue, settings: Settings) -> Worker:
    """A worker of one queue; at shutdown it lets running calls finish."""
    return Worker(
        client,
        task_queue=queue.name,
        workflows=list(queue.workflows),
        activities=list(queue.activities),
        workflow_runner=workflow_runner(),
        max_concurrent_activities=200,
        max_concurrent_local_activities=100,
        max_cached_workflows=2000,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(initial=2, maximum=10),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(initial=2, maximum=10),
        graceful_shutdown_timeout=timedelta(seconds=settings.graceful_shutdown_seconds),
    )
