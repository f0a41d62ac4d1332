"""Run a worker: `python -m workers`. Serves every queue, the relay and the ledger's chainer."""

import asyncio
import contextlib
import os
import signal
import sys

from loguru import logger

from providers import gateways
from providers.ncba.settings import NcbaSettings
from providers.registry import load
from runtime import faults, garbage, logs, temporal
from runtime.database import Database
from runtime.partner_clients import partners
from runtime.partners import Closes
from runtime.settings import Settings
from workers.background import Background
from workers.catalogue import queues
from workers.rail_duties import RailDuties
from workers.rails import Meter
from workers.serving import serving
from workers.wiring import collectors, wire


def main() -> None:
    """Run until SIGTERM or SIGINT, finish what is in flight, and leave.

    The process ends with os._exit after flushing: a process that hosted a Temporal worker can
    die at interpreter exit (docs/operations.md).
    """
    settings = Settings()
    logs.configure(settings.log_level, "worker")
    faults.install(settings.faultpoints, "worker")
    code = 0
    try:
        asyncio.run(run(settings))
    except Exception:  # noqa: BLE001 - the last line of defence logs and says so by exit code
        logger.exception("the worker stopped")
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


async def run(settings: Settings) -> None:
    """Connect, serve, and drain at the end: shutdown outlasts the longest provider call."""
    bank = NcbaSettings()
    ready = load(settings.providers.split(","))  # a broken provider stops the boot at once
    meter = Meter(ready, bank)
    senders = gateways.load(settings.message_gateways.split(","))
    stop = _stop_on_signal()
    database = Database(settings.database_url, settings.database_pool)
    await database.open()
    client = await temporal.connect(settings)
    clients = collectors(meter.ready)
    background = Background(settings, database, client, meter.ready)
    duties = RailDuties(settings, database, background.dispatcher, meter, clients)
    clients_of_partners = partners(database, background.vault, settings)
    wiring = wire(
        database,
        clients,
        background.vault,
        background.egress,
        gateways=senders,
        partners=clients_of_partners,
        bank=bank,
        callback_url=settings.callback_url,
        initiator_pepper=settings.initiator_pepper,
        wait_scale=settings.wait_scale,
        meter=meter,
    )
    async with contextlib.AsyncExitStack() as stack:
        for queue in queues(wiring):
            await stack.enter_async_context(serving(client, queue, settings))
        garbage.collect_rarely()
        logger.info("worker is ready")
        await asyncio.gather(background.run(stop), duties.run(stop))
        logger.info("worker is draining")
    outside: tuple[Closes, ...] = (*clients.values(), *senders, clients_of_partners)
    for client_of_ours in outside:
        await client_of_ours.aclose()
    await database.close()


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


if __name__ == "__main__":
    main()
