"""Faults ordered for single calls, by operation and, where named, by tenant and account."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from simulators import faults
from simulators.faults import Fault, Wire

Operation = Literal["disburse", "undo", "repayment", "deposit", "read", "any"]

#: Beside the common table: what only a server with stored answers does.
_OWN = (
    Fault(
        suffix="",
        name="stored_failure",
        says="the command fails inside with 500, nothing is booked, the key keeps the failure",
        wire=Wire.ERROR,
        acts=False,
    ),
    Fault(
        suffix="",
        name="slow_commit",
        says="the call is never answered; it commits after the late delay, 425 until then",
        wire=Wire.HANG,
    ),
    Fault(
        suffix="",
        name="cob_lock",
        says="the close-of-business job holds the loan: 409, kept under the key",
        acts=False,
    ),
)
STORED_FAILURE, SLOW_COMMIT, COB_LOCK = (fault.name for fault in _OWN)
_BY_NAME = {fault.name: fault for fault in _OWN}


def named(name: str) -> Fault:
    """The fault of that name; raises KeyError."""
    return _BY_NAME.get(name) or faults.named(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """One fault that waits for its call."""

    fault: Fault
    operation: Operation
    tenant: str | None
    account: int | None

    def meets(self, operation: str, tenant: str, account: int | None) -> bool:
        """Whether this is the call it waits for."""
        writes = self.operation == "any" and operation != "read"
        return (
            (writes or self.operation == operation)
            and self.tenant in {None, tenant}
            and self.account in {None, account}
        )


class Faulty:
    """The queue of ordered faults."""

    def __init__(self) -> None:
        self._waiting: list[Ordered] = []

    def order(self, ordered: Ordered, *, times: int) -> None:
        """The next `times` such calls meet the fault."""
        self._waiting.extend([ordered] * times)

    def take(self, operation: str, tenant: str, account: int | None) -> Fault | None:
        """The fault of this call; uses it up."""
        return self._first(lambda one: one.meets(operation, tenant, account))

    def waiting(self) -> list[str]:
        """What still waits, in words."""
        return [f"{one.operation}: {one.fault.name}" for one in self._waiting]

    def clear(self) -> None:
        """Forget every order."""
        self._waiting.clear()

    def _first(self, fits: Callable[[Ordered], bool]) -> Fault | None:
        for at, ordered in enumerate(self._waiting):
            if fits(ordered):
                return self._waiting.pop(at).fault
        return None
