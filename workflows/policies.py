"""Every timeout and retry rule, in one place.

A call that moves money is attempted once; a call that asks is retried for ever. Database
steps run as local activities and, should those run out, as ordinary ones without limit.
"""

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityConfig, LocalActivityConfig

#: The longest a provider call may take; graceful shutdown outlasts it (docs/operations.md).
PROVIDER_CALL = timedelta(seconds=60)

#: A call beats every two seconds; a worker that died with it is noticed after this long.
_NOTICED = timedelta(seconds=10)

MOVES_MONEY = ActivityConfig(
    start_to_close_timeout=PROVIDER_CALL,
    heartbeat_timeout=_NOTICED,
    retry_policy=RetryPolicy(maximum_attempts=1),
)
ASKS = ActivityConfig(
    start_to_close_timeout=PROVIDER_CALL,
    heartbeat_timeout=_NOTICED,
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1),
        backoff_coefficient=2.0,
        maximum_interval=timedelta(minutes=5),
    ),
)
#: A look that is taken again anyway: not for ever.
ASKS_NOW_AND_THEN = ActivityConfig(
    start_to_close_timeout=PROVIDER_CALL,
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=5), maximum_attempts=3),
)
#: A first, quick question on the way to posting; out of time, ASKS takes over.
ASKS_QUICKLY = LocalActivityConfig(
    start_to_close_timeout=timedelta(seconds=3),
    schedule_to_close_timeout=timedelta(seconds=3),
    retry_policy=RetryPolicy(maximum_attempts=1),
)
#: A credential is tried out by a few calls, and never tried again by itself.
TRIES_ONCE = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=3),
    heartbeat_timeout=_NOTICED,
    retry_policy=RetryPolicy(maximum_attempts=1),
)
WRITES = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=20),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=30)
    ),
)
#: A whole table is gone through; tried again from the start, it finds less to do.
ERASES = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=10),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=10), maximum_attempts=5),
)
#: A round over all approved loans of a lender; tried again it finds what it did, and the next
#: round comes anyway.
POLLS = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=10),
    heartbeat_timeout=_NOTICED,
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=5), maximum_attempts=3),
)
#: A file of a hundred thousand rows; tried again it goes on after the last row that was kept.
READS_FILES = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=30),
    heartbeat_timeout=_NOTICED,
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)
    ),
)
WRITES_LOCALLY = LocalActivityConfig(
    start_to_close_timeout=timedelta(seconds=1),
    schedule_to_close_timeout=timedelta(seconds=2),
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=2),
)
#: A page of twenty merchant messages, ten at once, 15 s each.
DELIVERS = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=60),
    heartbeat_timeout=timedelta(seconds=10),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)
    ),
)
#: A page of twenty messages, five at once, through two gateways of 20 s each.
DELIVERS_MESSAGES = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=5),
    heartbeat_timeout=timedelta(seconds=10),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)
    ),
)


def ordinary(config: ActivityConfig, summary: str) -> ActivityConfig:
    """The policy with a line for people to read."""
    return ActivityConfig(**{**config, "summary": summary})


def local(config: LocalActivityConfig, summary: str) -> LocalActivityConfig:
    """The same for a local activity."""
    return LocalActivityConfig(**{**config, "summary": summary})
