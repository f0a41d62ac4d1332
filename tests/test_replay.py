"""Every recorded history replays against today's code, without a server."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from models.checkout import WORKFLOW, CheckoutOrder
from runtime.sandbox import workflow_runner
from runtime.settings import Settings
from runtime.temporal import data_converter
from tests.histories.batch_endings import BATCH_ENDINGS
from tests.histories.collection_endings import COLLECTION_ENDINGS
from tests.histories.endings import ENDINGS
from tests.histories.loan_recordings import LOAN_RECORDINGS
from tests.histories.refund_endings import REFUND_ENDINGS
from workers.catalogue import WORKFLOWS

FOLDER = Path(__file__).parent / "histories"
FILES = sorted(FOLDER.glob("*.json"))
KINDS = {workflow._Definition.must_from_class(one).name: one for one in WORKFLOWS}


def history(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text())


def replayer(*workflows: type) -> Replayer:
    return Replayer(
        workflows=list(workflows),
        workflow_runner=workflow_runner(),
        data_converter=data_converter(Settings()),
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_a_recorded_history_replays(path: Path) -> None:
    recorded = history(path)
    kind = recorded.events[0].workflow_execution_started_event_attributes.workflow_type.name
    result = await replayer(KINDS[kind]).replay_workflow(recorded, raise_on_replay_failure=False)
    assert result.replay_failure is None


def test_every_ending_and_every_workflow_has_a_recorded_history() -> None:
    recorded = {path.stem for path in FILES}
    wanted = [*(f"checkout-{name}" for name in ENDINGS), *LOAN_RECORDINGS, *COLLECTION_ENDINGS]
    wanted += [*BATCH_ENDINGS, *REFUND_ENDINGS]
    missing = [name for name in wanted if not any(name in one for one in recorded)]
    assert missing == []
    unheard = [name for name in KINDS if not any(f"-{name}-" in one for one in recorded)]
    assert unheard == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_search_attributes_are_written_only_when_they_change(path: Path) -> None:
    events = json.loads(path.read_text())["events"]
    key = "upsertWorkflowSearchAttributesEventAttributes"
    written = [event[key]["searchAttributes"] for event in events if key in event]
    assert not [one for one, next_one in pairwise(written) if one == next_one]


@workflow.defn(name=WORKFLOW, sandboxed=False)
class Careless:
    """The same workflow type with a step of its own: what a careless change looks like."""

    @workflow.run
    async def run(self, order: CheckoutOrder) -> str:
        """Waits where the recorded runs prompted."""
        await workflow.sleep(1)
        return order.checkout_id


async def test_a_workflow_that_takes_other_steps_is_caught() -> None:
    path = next(one for one in FILES if "paid_by_callback" in one.stem)
    result = await replayer(Careless).replay_workflow(history(path), raise_on_replay_failure=False)
    assert isinstance(result.replay_failure, workflow.NondeterminismError)
