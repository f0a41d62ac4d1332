"""A charge paid out at once, where the organisation wants it: once per payment."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import TypeAdapter

from activities import payout_rows as rows
from activities.payout_accepting import AcceptedPayout, PayoutDesk, accept_payout
from models.fees import fee_for
from models.money import Money
from models.payout_order import Payee, PayoutDraft, PayoutKind
from models.payout_policy import Automatic, PayoutPolicy

if TYPE_CHECKING:
    from runtime.database import Connection

#: Whoever may approve chose it once for all: nobody is asked again.
_MAKER, _CHOSEN = "kauri", "payout_policy"
_PAYEE: TypeAdapter[Payee] = TypeAdapter(Payee)


async def pay_out_charge(
    connection: "Connection",
    desk: PayoutDesk,
    org: UUID,
    *,
    livemode: bool,
    payment: str,
    net: Money,
    not_before: datetime | None = None,
) -> AcceptedPayout | None:
    """Pay out what the organisation was credited with for a payment; asked again it finds it.

    None where the organisation chose no automatic payout, or nothing is left after the fee.
    `not_before`: when the money is available. Raises PayoutNotTaken. Call
    `payout_accepting.ready` before.
    """
    policy = await rows.policy(connection)
    if policy.automatic is None:
        return None
    amount = after_fee(net, policy, _step(desk, policy.automatic.method, net.currency))
    if amount.minor <= 0:
        return None
    draft = PayoutDraft(
        org=org,
        livemode=livemode,
        amount=amount,
        payee=await _payee(desk, org, policy.automatic, livemode=livemode),
        maker=_MAKER,
        purpose=f"Payout of {payment}"[:60],
        method=policy.automatic.method,
        kind=PayoutKind.AUTOMATIC,
        scheduled_at=not_before,
        claim=f"automatic/{payment}",
        approved_in=_CHOSEN,
        payment=payment,
    )
    return await accept_payout(connection, desk, draft)


async def _payee(desk: PayoutDesk, org: UUID, chosen: Automatic, *, livemode: bool) -> Payee:
    plain = await desk.vault.unseal(
        org, livemode=livemode, field=rows.PAYEE_FIELD, sealed=chosen.sealed
    )
    return _PAYEE.validate_json(plain)


def after_fee(net: Money, policy: PayoutPolicy, step: int) -> Money:
    """The most that can be sent so that amount and fee are no more than `net`."""
    fee = fee_for(net, policy.fee_rule(PayoutKind.AUTOMATIC)).total
    left = net.minor - fee.minor
    return Money(left - left % step, net.currency)


def _step(desk: PayoutDesk, method: str | None, currency: str) -> int:
    rail = desk.rails.get(method or "")
    limit = rail.limit(currency) if rail else None
    return limit.step if limit else 1
