"""What an escrow does next, from what its rows say. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from models.escrow import EscrowState
from models.escrow_order import EscrowOrder
from models.escrow_postings import EscrowReleased
from models.fees import Fee, fee_of_part
from models.money import Money
from models.saga import Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class EscrowPart:
    """A part that was decided to be released."""

    number: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class EscrowLook:
    """Where an escrow stands, by its rows.

    `funded`: what its payment received, None before it succeeded. `over`: the session has ended.
    `left`: what nobody has decided about. `release`: the next part to carry out. `released` and
    `fee`: what was carried out. `shown`: `refunded` and `refunding` as the saga shows them.
    `frozen`: seconds its disputes took. `owed_back`: two people gave the payer what could not be
    refunded: no timer gives it to the merchant.
    """

    state: str
    left: Money
    released: Money
    refunded: Money
    refunding: Money
    fee: Fee
    shown: tuple[int, int] = (0, 0)
    funded: Money | None = None
    funded_at: datetime | None = None
    over: bool = False
    release: EscrowPart | None = None
    disputed: bool = False
    owed_back: bool = False
    frozen: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EscrowMove:
    """One step of it."""

    to: str
    events: tuple[str, ...] = ()
    shows: Mapping[str, Shown] = field(default_factory=dict)
    posting: EscrowReleased | None = None


def next_move(order: EscrowOrder, look: EscrowLook, at: datetime) -> EscrowMove | None:
    """What is to be written now; None when there is only waiting."""
    if look.state == EscrowState.CREATED:
        return _begun(order, look, at)
    if look.release is not None:
        return _released(order, look, look.release)
    if _told(look) != look.shown or look.disputed != (look.state == EscrowState.DISPUTED):
        return _followed(order, look)
    return None


def release_at(order: EscrowOrder, look: EscrowLook) -> datetime | None:
    """When what is left is released by itself; None while it is not."""
    if order.rule.after is None or look.funded_at is None or not look.left.minor:
        return None
    if look.disputed or look.owed_back:
        return None
    waits = order.rule.after * order.wait_scale + look.frozen
    return look.funded_at + timedelta(seconds=waits)


def _begun(order: EscrowOrder, look: EscrowLook, at: datetime) -> EscrowMove | None:
    if look.funded is not None:
        shows: dict[str, Shown] = {"funded": look.funded.minor, "funded_at": at.isoformat()}
        shows["release_at"] = _shown(release_at(order, replace(look, funded_at=at)))
        return EscrowMove(to=EscrowState.FUNDED, events=("escrow.funded",), shows=shows)
    if look.over:
        return EscrowMove(to=EscrowState.CANCELED, events=("escrow.canceled",))
    return None


def _released(order: EscrowOrder, look: EscrowLook, part: EscrowPart) -> EscrowMove:
    fee = fee_of_part(part.amount, before=look.released, taken=look.fee, rule=order.fee)
    released = look.released + part.amount
    to = _standing(look, released)
    return EscrowMove(
        to=to,
        events=("escrow.released", *_closed(to)),
        shows={
            "released": released.minor,
            "parts_carried": part.number,
            "fee": look.fee.net.minor + fee.net.minor,
            "tax": look.fee.tax.minor + fee.tax.minor,
            "release_at": _shown(release_at(order, look)),
        },
        posting=EscrowReleased(
            escrow_id=order.saga.id, part=part.number, amount=part.amount, fee=fee
        ),
    )


def _followed(order: EscrowOrder, look: EscrowLook) -> EscrowMove:
    """A refund went on, or a dispute was opened or decided."""
    refunded, refunding = _told(look)
    due = release_at(order, look)
    to = _standing(look, look.released)
    grew = ("escrow.refunded",) if refunded > look.shown[0] else ()
    opened = look.disputed and look.state != EscrowState.DISPUTED
    return EscrowMove(
        to=to,
        events=(*grew, *(("escrow.disputed",) if opened else ()), *_closed(to)),
        shows={"refunded": refunded, "refunding": refunding, "release_at": _shown(due)},
    )


def _shown(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _told(look: EscrowLook) -> tuple[int, int]:
    return look.refunded.minor, look.refunding.minor


def _closed(state: EscrowState) -> tuple[str, ...]:
    ends = {EscrowState.RELEASED, EscrowState.REFUNDED, EscrowState.CLOSED}
    return ("escrow.closed",) if state in ends else ()


def _standing(look: EscrowLook, released: Money) -> EscrowState:
    """The state that follows from what left and what is still to leave."""
    if look.funded is None:
        raise ValueError("an escrow that was begun has been paid")
    if released + look.refunded == look.funded:
        return _ending(released, look.refunded)
    if look.disputed:
        return EscrowState.DISPUTED
    if look.refunded.minor:
        return EscrowState.PARTLY_REFUNDED
    return EscrowState.PARTLY_RELEASED if released.minor else EscrowState.FUNDED


def _ending(released: Money, refunded: Money) -> EscrowState:
    if not refunded.minor:
        return EscrowState.RELEASED
    return EscrowState.CLOSED if released.minor else EscrowState.REFUNDED
