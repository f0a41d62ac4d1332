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
BOUNCES = Fault(
    suffix="90",
    name="bounces",
    says="paid and said so; after the late delay the other bank sends it back",
)
_OWN = {
    fault.name: fault for fault in (REFUSES, FLOAT_LATE, FLOAT_NEVER, SILENT, FIREWALL, BOUNCES)
}
#: Accounts at other banks that begin so do what their last two digits say.
_MAGIC = "9990000000"


def named(name: str) -> Fault:
    """The fault of that name, the bank's or anybody's; raises KeyError."""
    return _OWN.get(name) or faults.named(name)


def of_account(account: str) -> Fault:
    """The fault of a magic account at another bank; PAID for any other."""
    suffix = account.removeprefix(_MAGIC)
    if len(account) != 12 or len(suffix) != 2:
        return faults.PAID
    known = {fault.suffix: fault for fault in (*faults.FAULTS, BOUNCES)}
    return known.get(suffix, faults.PAID)
