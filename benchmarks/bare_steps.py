"""The baseline's activities: they do nothing, and the last one writes down when."""

import sys
import time
from dataclasses import dataclass

from temporalio import activity


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What travels: a number and when it was due, seconds of the epoch."""

    number: int
    due: float


@activity.defn(name="bare.call")
async def call(order: Order) -> Order:
    """In the place of ringing a phone."""
    return order


@activity.defn(name="bare.ask")
async def ask(order: Order) -> Order:
    """In the place of asking the provider."""
    return order


@activity.defn(name="bare.write")
async def write(order: Order) -> Order:
    """In the place of booking: one line `due finished` on standard output."""
    sys.stdout.write(f"{order.due} {time.time()}\n")
    return order
