"""`python -m benchmarks.poll_worker`: a worker that looks for loans and carries none of them on.

It serves polls with the product's own activity and has no relay: what is accepted stays a row.
"""

import asyncio
import os
import signal

from activities.sagas import Sagas
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from runtime import garbage, temporal
from runtime.database import Database
from runtime.key_providers.chosen import key_provider
from runtime.partner_clients import partners
from runtime.settings import Settings
from runtime.vault import Vault
from workers.catalogue import Queue
from workers.loans import loans
from workers.serving import serving
from workflows.loan_polling import LoanPollingWorkflow
from workflows.queues import VAULT


async def run(settings: Settings) -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    database = Database(settings.database_url, settings.database_pool)
    await database.open()
    client = await temporal.connect(settings)
    vault = Vault(database, key_provider(settings))
    polling = loans(
        database,
        vault,
        partners(database, vault, settings),
        Sagas(database, vault, VaultBooking(Book())),
        settings.callback_url,
        scale=settings.wait_scale,
    ).polling
    queue = Queue(name=VAULT, workflows=(LoanPollingWorkflow,), activities=(polling.poll,))
    async with serving(client, queue, settings):
        garbage.collect_rarely()
        print("ready", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(run(Settings()))
    os._exit(0)  # a process that hosted a Temporal worker can die at interpreter exit
