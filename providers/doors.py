"""The paths outside systems call us on for the vault: one row per slug. Words are neutral.

Payment providers' own slugs stand in their `Callbacks`; these here name an instruction, a saga
or a credential instead of a checkout's attempt.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models import balances
from models.balances import BALANCES_TOLD, BalancesTold
from models.collection_confirmation import PAYMENT_TOLD, PaymentTold
from models.reading import Source
from providers.airtel import messages as airtel
from providers.camtel import messages as camtel
from providers.contract import Decodes
from providers.momo.status import callback_reader
from providers.mpesa import c2b, results, stk
from providers.mpesa.details import read_balances, read_credited
from providers.ncba import callbacks
from providers.orange_cm.notices import read_notification


class Kind(StrEnum):
    """RESULT is evidence for a running saga; ARRIVAL begins something of its own."""

    RESULT = "result"
    ARRIVAL = "arrival"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tells:
    """What a saga that asked in its own name is told instead of a reading, and by which signal.

    `say` takes the raw message and the id it is kept under; None says nothing.
    """

    signal: str
    say: Callable[[bytes, str], Any | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """`read` turns a raw result into a reading; arrivals are read where they are handled."""

    slug: str
    system: str
    kind: Kind
    answer: Mapping[str, Any]
    read: Decodes | None = None
    tells: Tells | None = None
    source: Source = Source.CALLBACK
    methods: tuple[str, ...] = ("POST",)
    #: Unsigned, and a final word is confirmed by asking.
    hint: bool = False


def _balances(raw: bytes, _evidence: str) -> BalancesTold | None:
    return balances.told(read_balances(raw), results.read_balance(raw))


def _payment(raw: bytes, evidence: str) -> PaymentTold:
    return PaymentTold(
        reading=results.read_status(raw), credited=read_credited(raw), evidence_id=evidence
    )


_TAKEN = {"ResultCode": 0, "ResultDesc": "Accepted"}
_DOORS = (
    Door(slug="ke2", system="mpesa", kind=Kind.RESULT, read=results.read_payout, answer=_TAKEN),
    Door(slug="ke3", system="mpesa", kind=Kind.RESULT, read=results.read_timeout, answer=_TAKEN),
    Door(
        slug="ke4",
        system="mpesa",
        kind=Kind.RESULT,
        read=results.read_status,
        tells=Tells(signal=PAYMENT_TOLD, say=_payment),
        source=Source.QUERY,
        answer=_TAKEN,
    ),
    Door(
        slug="ke5", system="mpesa", kind=Kind.RESULT, read=results.read_balance,
        tells=Tells(signal=BALANCES_TOLD, say=_balances), answer=_TAKEN,
    ),
    Door(slug="ke6", system="mpesa", kind=Kind.RESULT, read=results.read_reversal, answer=_TAKEN),
    # Money we rang for is confirmed here too: then it is read as the result of the prompt.
    Door(
        slug="ke8", system="mpesa", kind=Kind.ARRIVAL, read=c2b.read_confirmation, hint=True,
        answer=_TAKEN,
    ),
    # What became of a payment that was to be reversed: asked about by the payment's receipt.
    Door(
        slug="ke10", system="mpesa", kind=Kind.RESULT, read=results.read_reversal_status,
        source=Source.QUERY, answer=_TAKEN,
    ),
    # What our own short code holds: one address, its own route (api/routes/told_balances.py).
    Door(
        slug="ke9", system="mpesa", kind=Kind.RESULT, read=results.read_balance, answer=_TAKEN,
        methods=(),
    ),
    # One address for all results of the bank: its own route proves who calls (api/routes).
    Door(
        slug="kb1", system="ncba", kind=Kind.RESULT, read=callbacks.read_callback,
        answer=callbacks.TAKEN, methods=(),
    ),
    Door(
        slug="mf1", system="mifos", kind=Kind.ARRIVAL, answer={"received": True},
        methods=("POST", "GET"),
    ),
)  # fmt: skip

#: Doors that checkouts' attempts share: an owner that is no attempt is an instruction.
_SHARED = (
    Door(
        slug="ke1", system="mpesa", kind=Kind.RESULT, read=stk.read_callback, hint=True,
        answer=_TAKEN,
    ),
    # Transfers and refunds: MTN signs nothing and asking is free.
    Door(
        slug="mm1", system="momo", kind=Kind.RESULT, read=callback_reader(), hint=True,
        answer={}, methods=("PUT", "POST"),
    ),
    Door(
        slug="oc1", system="orange_cm", kind=Kind.RESULT, read=read_notification, hint=True,
        answer={},
    ),
    # Whether Airtel calls back about payouts is not established: if it does, it only says when.
    Door(
        slug="am1", system="airtel", kind=Kind.RESULT, read=airtel.read_callback, hint=True,
        answer={},
    ),
    Door(
        slug="ct1", system="camtel", kind=Kind.RESULT, read=camtel.read_callback, hint=True,
        answer={},
    ),
)  # fmt: skip

DOORS: Mapping[str, Door] = {door.slug: door for door in _DOORS}
SHARED: Mapping[str, Door] = {door.slug: door for door in _SHARED}


def door_of(slug: str) -> Door:
    """The door a stored message came through; raises KeyError."""
    return SHARED[slug] if slug in SHARED else DOORS[slug]
