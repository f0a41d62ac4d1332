"""What is asked of a saga that runs under test, whichever it is."""

import asyncio
from typing import Any

from temporalio.client import WorkflowHandle

from models.reading import Reading
from models.saga import SagaStory
from runtime import updates
from tests.workflows.vault_fakes import FakeSagas
from tests.workflows.waiting import PATIENCE, until


class RunningSaga:
    """A workflow and the row it writes; harnesses add how it begins and what surrounds it."""

    sagas: FakeSagas
    handle: WorkflowHandle[Any, str]

    async def ends(self) -> str:
        return await asyncio.wait_for(self.handle.result(), PATIENCE)

    async def updates(self, update: str, message: Any) -> SagaStory:
        """Operators act."""
        return await updates.execute(self.handle, update, message, result_type=SagaStory)

    async def reaches(self, *states: str) -> None:
        """Wait until the row stands in one of them."""
        sagas = self.sagas
        await until(lambda: sagas.state in states, lambda: f"stayed {sagas.state}, not {states}")

    @property
    def postings(self) -> list[str]:
        return [step.posting.kind for step in self.sagas.written if step.posting]

    @property
    def events(self) -> list[str]:
        return [event for step in self.sagas.written for event in step.events]

    @property
    def cases(self) -> list[str]:
        return [step.case.kind for step in self.sagas.written if step.case]


def following(script: list[Reading]) -> Reading:
    """The next answer of a script; its last one repeats."""
    return script.pop(0) if len(script) > 1 else script[0]
