"""One schedule per partner that lends: it comes and goes with valid credentials."""

from datetime import timedelta

from loguru import logger
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
)
from temporalio.service import RPCError, RPCStatusCode

from models import ids
from models.credentials import CredentialKind
from models.loan_calls import PollOrder
from runtime.database import Database
from workflows.loan_polling import POLL, schedule_id
from workflows.queues import VAULT

_LENDERS = "select org_id, livemode from credentials where kind = %s and usable"


class LoanSchedules:
    """Keeps the schedules as the credentials are. `seconds` between two polls of one partner."""

    def __init__(self, client: Client, database: Database, seconds: float) -> None:
        self._client = client
        self._database = database
        self._interval = timedelta(seconds=max(1.0, seconds))
        self._made: dict[str, PollOrder] = {}

    async def keep(self) -> None:
        """Make what is missing, end what is no longer wanted. Raises RPCError."""
        wanted = await self._wanted()
        for name in wanted.keys() - self._made.keys():
            await self._make(name, wanted[name])
            self._made[name] = wanted[name]
        for name in self._made.keys() - wanted.keys():
            await self._end(name)
            del self._made[name]

    async def _wanted(self) -> dict[str, PollOrder]:
        async with self._database.system() as connection:
            found = await connection.execute(_LENDERS, [CredentialKind.MIFOS])
            rows = await found.fetchall()
        orders = [
            PollOrder(org_id=ids.shown(ids.ORG, row["org_id"]), livemode=row["livemode"])
            for row in rows
        ]
        return {schedule_id(order): order for order in orders}

    async def _make(self, name: str, order: PollOrder) -> None:
        action = ScheduleActionStartWorkflow(POLL, order, id=name, task_queue=VAULT)
        schedule = Schedule(
            action=action,
            spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=self._interval)]),
            policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
        )
        try:
            await self._client.create_schedule(name, schedule, trigger_immediately=True)
        except ScheduleAlreadyRunningError:
            return
        logger.info("{} every {}", name, self._interval)

    async def _end(self, name: str) -> None:
        try:
            await self._client.get_schedule_handle(name).delete()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
