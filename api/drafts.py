"""What is accepted, drafted before the transaction: rows and orders of a session and a try."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from api import rail_turns
from api.keys import Caller
from api.methods import check_money, chosen, masked, payer_of, wrong
from api.parts import Parts
from api.schemas.checkouts import ConfirmCheckout, CreateCheckout
from models import ids
from models.charge import Charge
from models.checkout import AttemptOrder, CheckoutOrder
from models.fees import FeeRule
from models.money import EXPONENTS, Money
from providers.registry import Ready
from runtime.vault import lookup

_LIFETIME = timedelta(hours=1)
_SHORTEST, _LONGEST = timedelta(seconds=60), timedelta(days=7)
_CHECKOUT = TypeAdapter(CheckoutOrder)
_ATTEMPT = TypeAdapter(AttemptOrder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The rows of a new checkout and its payment."""

    checkout: dict[str, Any]
    payment: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One confirmed attempt: its order and its row, the payer sealed."""

    order: AttemptOrder
    row: dict[str, Any]


def session(body: CreateCheckout, caller: Caller) -> Session:
    """The rows of a session; confirmed at once it starts out processing. Raises Invalid."""
    now = datetime.now(UTC)
    _check(body, caller)
    confirmed = body.confirm is not None
    shared = {
        "org_id": caller.org,
        "livemode": caller.livemode,
        "amount": body.amount,
        "currency": body.currency,
        "reference": body.reference,
        "created_at": now,
        "updated_at": now,
    }
    checkout = {
        **shared,
        "id": ids.uuid7(),
        "state": "processing" if confirmed else "open",
        "description": body.description,
        "success_url": body.success_url,
        "cancel_url": body.cancel_url,
        "metadata": body.metadata,
        "expires_at": _expiry(body, now),
        "cancel_requested_at": None,
        "escrow_id": None,
    }
    payment = {
        **shared,
        "id": ids.uuid7(),
        "checkout_id": checkout["id"],
        "status": "processing" if confirmed else "requires_payment_method",
        "reference_guard": None if caller.warns_of_duplicates else body.reference,
        "amount_received": 0,
        "amount_refunded": 0,
        "amount_taken_back": 0,
        "needs_review": False,
        "next_check_at": None,
    }
    return Session(checkout=checkout, payment=payment)


async def attempt(
    parts: Parts,
    confirm: ConfirmCheckout,
    *,
    checkout: Mapping[str, Any],
    payment: Mapping[str, Any],
    carried: bool,
    number: int = 1,
    pointer: str = "",
    back: str | None = None,
) -> Try:
    """Draft the attempt a confirmation asks for. `carried`: its rail lets it through now.

    `back`: where a provider's page sends the payer instead of to the merchant. Raises Invalid,
    naming fields below `pointer`, or MethodDown.
    """
    ready = chosen(parts.providers, confirm.method, f"{pointer}/method")
    money = Money(checkout["amount"], checkout["currency"])
    blamed = "" if pointer else "/method"  # below a pointer the session is in the same body
    check_money(ready.offer, amount=money.minor, currency=money.currency, pointer=blamed)
    payer = payer_of(ready.offer, confirm.payer.phone, f"{pointer}/payer/phone")
    queued = await rail_turns.waits(parts, ready, confirm, money, carried=carried)
    ends = {"success_url": back, "cancel_url": back} if back else {}
    drafted = _order(parts, ready, {**checkout, **ends}, payer=payer, number=number)
    order = replace(drafted, queued=queued)
    row = await _row(parts, order, checkout, reference=ready.provider.reference(order.id))
    return Try(order=order, row={**row, "payment_id": payment["id"]})


def checkout_order(
    parts: Parts, caller: Caller, first: AttemptOrder, drafted: Session
) -> CheckoutOrder:
    """What starts the session's workflow. An escrow's fee is taken when it is released."""
    checkout = drafted.checkout
    escrow = checkout["escrow_id"]
    return CheckoutOrder(
        checkout_id=ids.shown(ids.CHECKOUT, checkout["id"]),
        payment_id=ids.shown(ids.PAYMENT, drafted.payment["id"]),
        org_id=ids.shown(ids.ORG, caller.org),
        livemode=caller.livemode,
        amount=Money(checkout["amount"], checkout["currency"]),
        reference=checkout["reference"],
        expires_at=checkout["expires_at"],
        first=first,
        fee=caller.fee if escrow is None else FeeRule(),
        wait_scale=1.0 if caller.livemode else parts.settings.wait_scale,
        escrow=None if escrow is None else ids.shown(ids.ESCROW, escrow),
    )


async def sealed_start(parts: Parts, caller: Caller, order: CheckoutOrder) -> bytes:
    """The order as the outbox keeps it."""
    plain = _CHECKOUT.dump_json(order)
    return await parts.vault.seal(caller.org, livemode=caller.livemode, field="start", plain=plain)


async def sealed_attempt(parts: Parts, caller: Caller, order: AttemptOrder) -> bytes:
    """The order of a later attempt as the inbox keeps it."""
    plain = _ATTEMPT.dump_json(order)
    return await parts.vault.seal(caller.org, livemode=caller.livemode, field="inbox", plain=plain)


async def _row(
    parts: Parts, order: AttemptOrder, checkout: Mapping[str, Any], *, reference: str
) -> dict[str, Any]:
    org, livemode = checkout["org_id"], checkout["livemode"]
    now, payer = datetime.now(UTC), order.charge.payer
    return {
        "id": ids.parsed(ids.ATTEMPT, order.id),
        "org_id": org,
        "livemode": livemode,
        "checkout_id": checkout["id"],
        "number": order.number,
        "provider": order.provider,
        "state": "queued" if order.queued else "created",
        "amount": checkout["amount"],
        "currency": checkout["currency"],
        "payer_sealed": await parts.vault.seal(
            org, livemode=livemode, field="payer", plain=payer.encode()
        ),
        "payer_lookup": lookup(parts.settings.lookup_secret, org, payer),
        "payer_masked": masked(payer),
        "our_reference": reference,
        "provider_reference": None,
        "receipt": None,
        "redirect_url": None,
        "reason": None,
        "created_at": now,
        "updated_at": now,
    }


def _order(
    parts: Parts, ready: Ready, checkout: Mapping[str, Any], *, payer: str, number: int
) -> AttemptOrder:
    attempt_id = ids.mint(ids.ATTEMPT)
    path = ""
    if ready.callbacks is not None:
        slug = ready.callbacks.slug
        path = ids.callback_path(attempt_id, slug, parts.settings.callback_secret)
    charge = Charge(
        attempt_id=attempt_id,
        amount=Money(checkout["amount"], checkout["currency"]),
        payer=payer,
        callback_url=parts.settings.public_url.rstrip("/") + path,
        description=checkout["description"] or checkout["reference"],
        livemode=checkout["livemode"],
        success_url=checkout["success_url"],
        cancel_url=checkout["cancel_url"],
    )
    return AttemptOrder(
        id=attempt_id,
        number=number,
        provider=ready.provider.name,
        charge=charge,
        terms=ready.terms,
    )


def _check(body: CreateCheckout, caller: Caller) -> None:
    if body.currency not in EXPONENTS:
        raise wrong("/currency", f"use one of {', '.join(sorted(EXPONENTS))}")
    for name in ("success_url", "cancel_url"):
        check_url(getattr(body, name), f"/{name}", livemode=caller.livemode)


def check_url(url: str | None, pointer: str, *, livemode: bool) -> None:
    """Raises Invalid for an address no payer is sent to: another scheme, no host, a user name."""
    if url is None:
        return
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise wrong(pointer, "this is not a URL") from error
    schemes = {"https"} if livemode else {"https", "http"}
    if parts.scheme not in schemes or not host or parts.username is not None:
        raise wrong(pointer, "use an https URL (http only in test mode) without a user name")


def _expiry(body: CreateCheckout, now: datetime) -> datetime:
    if body.expires_at is not None and body.expires_in is not None:
        raise wrong("/expires_at", "send expires_at or expires_in, not both")
    if body.expires_at is None:
        seconds = body.expires_in
        return now + (_LIFETIME if seconds is None else timedelta(seconds=seconds))
    if not _SHORTEST <= body.expires_at - now <= _LONGEST:  # in UTC it may be before year 1
        raise wrong("/expires_at", "between one minute and seven days from now")
    return body.expires_at.astimezone(UTC)
