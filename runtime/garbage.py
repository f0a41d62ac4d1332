"""The collector of reference cycles, set for a server: rarely, never over what start-up made."""

import gc

#: Ten times the usual: a request or a workflow task makes thousands of objects and few cycles.
_YOUNG = 7_000


def collect_rarely() -> None:
    """Call when start-up is over; a tenth of an API request's time, and most pauses (measured)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 10, 10)
