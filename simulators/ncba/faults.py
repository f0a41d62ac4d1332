"""Ways only a bank misbehaves, beside those of every provider."""

from simulators import faults
from simulators.faults import Calls, Fault, Wire

REFUSES = Fault(
    suffix="",
    name="bank_refuses",
    says="HTTP 200 with a code that is not 000; nothing moved",
    acts=False,
)
FLOAT_LATE = Fault(
    suffix="", name="float_late", says="debited and called back; M-Pesa credited only late"
)
FLOAT_NEVER = Fault(
    suffix="", name="float_never", says="debited and called back; M-Pesa is never credited"
)
SILENT = Fault(
    suffix="",
    name="debited_in_silence",
    says="never answered, never called back; only the statement and M-Pesa show it",
    wire=Wire.HANG,
    calls=Calls.NEVER,
)
FIREWALL = Fault(
    suffix="",
    name="firewall",
    says="the firewall's page; nothing reached the bank",
    wire=Wire.MISCONFIGURED,
    acts=False,
)
_OWN = {fault.name: fault for fault in (REFUSES, FLOAT_LATE, FLOAT_NEVER, SILENT, FIREWALL)}


def named(name: str) -> Fault:
    """The fault of that name, the bank's or anybody's; raises KeyError."""
    return _OWN.get(name) or faults.named(name)
