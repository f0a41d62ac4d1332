"""Ways only Daraja's asynchronous results misbehave, beside those of every provider."""

from dataclasses import dataclass
from enum import StrEnum

from simulators import faults
from simulators.faults import Fault, Outcome


class Shape(StrEnum):
    """How the parameters of a result are written."""

    LIST = "list"
    OBJECT = "object"
    NULL = "null"
    TEXT_CODE = "text_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity(Fault):
    """`timeout_first`: the queue's time-out is posted before anything is decided."""

    shape: Shape = Shape.LIST
    timeout_first: bool = False


#: An over-long reference or description: accepted, then never delivered to the phone.
OVER_LONG = Fault(suffix="", name="over_long_text", says="result 1025", outcome=Outcome.UNDELIVERED)
ODDITIES: tuple[Oddity, ...] = (
    Oddity(
        suffix="50",
        name="queue_timeout_first",
        says="the queue's time-out is posted first, then it is carried out and told",
        timeout_first=True,
    ),
    Oddity(
        suffix="51",
        name="null_parameters",
        says="carried out; the result's parameters are null",
        shape=Shape.NULL,
    ),
    Oddity(
        suffix="52",
        name="one_parameter",
        says="carried out; the result's parameters are one object, not a list",
        shape=Shape.OBJECT,
    ),
    Oddity(
        suffix="53",
        name="code_as_text",
        says="carried out; the result's code and type are text",
        shape=Shape.TEXT_CODE,
    ),
    Oddity(
        suffix="54",
        name="internal_failure",
        says="not carried out: 17",
        outcome=Outcome.INTERNAL_ERROR,
    ),
    Oddity(
        suffix="55",
        name="traffic_blocked",
        says="not carried out: 26",
        outcome=Outcome.UNAVAILABLE,
    ),
)
_BY_NAME: dict[str, Fault] = {fault.name: fault for fault in (OVER_LONG, *ODDITIES)}
_BY_NUMBER: dict[str, Fault] = {f"2547000000{fault.suffix}": fault for fault in ODDITIES}


def named(name: str) -> Fault:
    """The fault of that name, Daraja's or anybody's; raises KeyError."""
    return _BY_NAME.get(name) or faults.named(name)


def of_payee(msisdn: str) -> Fault:
    """The fault of a payee's magic number; PAID for any other."""
    return _BY_NUMBER.get(msisdn) or faults.of_number(msisdn)


def shape_of(fault: Fault) -> Shape:
    """How a result under this fault is written."""
    return fault.shape if isinstance(fault, Oddity) else Shape.LIST
