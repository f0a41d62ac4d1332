"""`python -m benchmarks.bare_worker`: a worker of the baseline, with the product's own options."""

import asyncio
import os
import signal
import sys

from benchmarks.bare_steps import ask, call, write
from benchmarks.bare_workflow import QUEUE, BareWorkflow
from runtime import garbage, temporal
from runtime.settings import Settings
from workers.catalogue import Queue
from workers.serving import serving

_QUEUE = Queue(name=QUEUE, workflows=(BareWorkflow,), activities=(call, ask, write))


async def run(settings: Settings) -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    client = await temporal.connect(settings)
    async with serving(client, _QUEUE, settings):
        garbage.collect_rarely()
        print("ready", flush=True)
        while not stop.is_set():  # what was written is told once a second, not line by line
            sys.stdout.flush()
            await asyncio.sleep(1.0)


if __name__ == "__main__":
    asyncio.run(run(Settings()))
    sys.stdout.flush()
    os._exit(0)  # a process that hosted a Temporal worker can die at interpreter exit
