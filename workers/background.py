"""What a worker does besides serving queues: relay, webhook wake-ups, hash chain, expiry."""

import asyncio
from collections.abc import Mapping
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
from temporalio.service import RPCError

from activities.charges_paid_out import ChargesPaidOut
from activities.float_draining import FloatDraining
from activities.float_gates import FloatGates
from activities.float_leftovers import FloatLeftovers
from activities.loan_waking import LoanWaking
from activities.payer_letters import PayerLetters
from activities.payout_accepting import PayoutDesk
from activities.refund_waking import RefundWaking
from ledger import wallets
from ledger.captures import captured
from ledger.chain import Chainer
from models.operators import operator_of
from providers.ncba.settings import NcbaSettings
from providers.payout_rails import payout_rails
from providers.registry import Ready
from runtime.arrivals import arrivals
from runtime.database import Database
from runtime.dispatch import Dispatcher
from runtime.egress import Egress
from runtime.inbox import Inbox
from runtime.key_providers.chosen import key_provider
from runtime.settings import Settings
from runtime.vault import Vault
from runtime.vault_inbox import VaultInbox
from runtime.wake import ENDPOINTS, MESSAGES, Waker
from workers.loan_schedules import LoanSchedules
from workers.relay import Relay, every
from workflows.bank_statement import FOLLOW
from workflows.partner_upkeep import NAME as PARTNERS
from workflows.queues import UPKEEP, VAULT
from workflows.session_expiry import NAME, PURGE, SCHEDULE
from workflows.treasury_upkeep import REPORT, WATCH

_RELAY_SECONDS = 1.0
#: Between two rounds of starts while there are some: payouts wait for room, which comes quickly.
_BUSY = 0.2
_WAKE_SECONDS = 0.5
_CHAIN_SECONDS = 2.0
_LENDERS_SECONDS = 5.0
_FUNDED_SECONDS = 2.0
_LEFTOVER_SECONDS = 60.0


class Background:
    """The loops beside the queues; each repeats its work until told to stop."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        client: Client,
        ready: Mapping[str, Ready],
    ) -> None:
        self._client = client
        self.vault = Vault(database, key_provider(settings))
        self.egress = Egress(allow_internal=settings.webhook_allow_internal)
        callbacks = {name: one.callbacks for name, one in ready.items() if one.callbacks}
        self.dispatcher = Dispatcher(client, database)
        inbox = Inbox(self.dispatcher, database, self.vault, callbacks)
        self._relay = Relay(
            database=database,
            dispatcher=self.dispatcher,
            inbox=inbox,
            vault_inbox=VaultInbox(
                self.dispatcher,
                database,
                self.vault,
                arrivals(database, self.vault, NcbaSettings(), scale=settings.wait_scale),
            ),
            vault=self.vault,
        )
        self._wakers = [Waker(database, client, each) for each in (ENDPOINTS, MESSAGES)]
        self._chainer = Chainer(database.pool)
        pause = settings.loan_poll_seconds * settings.wait_scale
        self._loans = LoanSchedules(client, database, pause)
        self._waking = LoanWaking(database, self.vault, wallets.wallet)
        self._draining = FloatDraining(database, self.vault)
        self._leftovers = FloatLeftovers(database, FloatGates(database))
        desk = self._payout_desk(settings, ready)
        self._paying_out = ChargesPaidOut(database, desk, captured)
        self._refunds = RefundWaking(database, self.vault)
        titles = {name: one.offer.title for name, one in ready.items()}
        self._letters = PayerLetters(database, self.vault, titles)

    def _payout_desk(self, settings: Settings, ready: Mapping[str, Ready]) -> PayoutDesk:
        return PayoutDesk(
            vault=self.vault,
            rails=payout_rails(ready, NcbaSettings()),
            predicts=operator_of,
            scale=settings.wait_scale,
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Run every loop until `stop` is set."""
        await asyncio.gather(
            every(_RELAY_SECONDS, self._relay.start_accepted, stop, busy=_BUSY),
            every(_RELAY_SECONDS, self._relay.deliver_stored, stop),
            *[every(_WAKE_SECONDS, waker.wake_due, stop) for waker in self._wakers],
            every(_CHAIN_SECONDS, self._chain, stop),
            every(_LENDERS_SECONDS, self._loans.keep, stop),
            every(_FUNDED_SECONDS, self._waking.funded, stop),
            every(_FUNDED_SECONDS, self._draining.round, stop),
            every(_LEFTOVER_SECONDS, self._leftovers.round, stop),
            every(_LENDERS_SECONDS, self._paying_out.round, stop),
            every(_FUNDED_SECONDS, self._refunds.round, stop),
            every(_FUNDED_SECONDS, self._letters.round, stop),
            self._schedules(stop),
        )
        await self.dispatcher.drain()

    async def _chain(self) -> None:
        await self._chainer.run_once(500)

    async def _schedules(self, stop: asyncio.Event) -> None:
        """The schedules there are; each is made once, whoever comes first."""
        for name, schedule in _SCHEDULES.items():
            while not stop.is_set():
                try:
                    await self._client.create_schedule(name, schedule)
                except ScheduleAlreadyRunningError:
                    break
                except RPCError as error:
                    logger.warning("{} is not scheduled yet: {}", name, error)
                    await asyncio.sleep(_RELAY_SECONDS)
                else:
                    break


def _every(workflow: str, interval: timedelta, queue: str = UPKEEP) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(workflow, id=workflow, task_queue=queue),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=interval)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
    )


_SCHEDULES = {
    SCHEDULE: _every(NAME, timedelta(seconds=30)),
    PURGE: _every(PURGE, timedelta(days=1)),
    FOLLOW: _every(FOLLOW, timedelta(minutes=10), VAULT),
    PARTNERS: _every(PARTNERS, timedelta(days=1)),
    WATCH: _every(WATCH, timedelta(minutes=10), VAULT),
    REPORT: _every(REPORT, timedelta(days=1), VAULT),
}
