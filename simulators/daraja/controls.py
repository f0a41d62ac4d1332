"""What only Daraja is ordered: short codes, customers who pay by the menu, reversals."""

from secrets import compare_digest
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import Field

from simulators.daraja.app import Daraja
from simulators.daraja.instructions import now
from simulators.daraja.menu import Paying
from simulators.daraja.oddities import of_payee
from simulators.daraja.organisations import Organisation
from simulators.orders import Order

routes = APIRouter(prefix="/control/daraja")
_SHORT_CODE = Field(pattern=r"^\d{5,9}$")


class OrganisationOrder(Order):
    """A short code, its app, its initiator and what its accounts hold, in cents.

    One that exists begins anew.
    """

    short_code: str = _SHORT_CODE
    name: str = "SIM ORGANISATION"
    consumer_key: str
    consumer_secret: str
    passkey: str = "sim-passkey"
    initiator: str = "sim-initiator"
    initiator_password: str = "sim-initiator-password"  # noqa: S105 - a public demo credential
    working_minor: int = Field(default=0, ge=0)
    utility_minor: int = Field(default=0, ge=0)
    charges_paid_minor: int = 0
    charged: bool = True
    validates: bool = False
    tells_stk: bool = False
    production: bool = False


class PaybillOrder(Order):
    """A customer pays by the menu. What they type is not checked: that is our work."""

    short_code: str = _SHORT_CODE
    amount_minor: int = Field(gt=0)
    bill_ref: str
    payer: str = "254700000000"
    first_name: str = "JANE"
    middle_name: str = ""
    last_name: str = ""
    transaction_type: Literal["Pay Bill", "Buy Goods", ""] = "Pay Bill"


class CreditOrder(Order):
    """Cents put on an account from nowhere (taken, where negative)."""

    short_code: str = _SHORT_CODE
    amount_minor: int
    account: Literal["working", "utility", "charges_paid"] = "utility"
    reference: str = ""


class ReverseOrder(Order):
    """Safaricom takes back what was done under this receipt."""

    receipt: str


def _daraja(request: Request) -> Daraja:
    daraja: Daraja = request.app.state.daraja
    return daraja


AtDaraja = Annotated[Daraja, Depends(_daraja)]


@routes.post("/organisations")
async def open_one(daraja: AtDaraja, order: OrganisationOrder) -> dict[str, Any]:
    """A short code exists from now on."""
    settings = order.model_dump()
    opening = {name: settings.pop(f"{name}_minor") for name in ("working", "utility")}
    opening["charges_paid"] = settings.pop("charges_paid_minor")
    for other in daraja.book.organisations.values():
        same_app = other.consumer_key == order.consumer_key
        if same_app and not compare_digest(
            other.consumer_secret.encode(), order.consumer_secret.encode()
        ):
            raise HTTPException(422, "the app of that consumer key has another secret")
    daraja.book.open(Organisation(**settings, opening=opening))
    return daraja.book.organisations[order.short_code].account()


@routes.get("/organisations/{short_code}")
async def one(daraja: AtDaraja, short_code: str) -> dict[str, Any]:
    """One short code, its balances and movements."""
    if short_code not in daraja.book.organisations:
        raise HTTPException(404, "no such short code")
    return daraja.book.organisations[short_code].account()


@routes.get("/certificate")
async def certificate(daraja: AtDaraja) -> Response:
    """The certificate initiators' passwords are sealed under, PEM."""
    return Response(daraja.vault.certificate, media_type="application/x-pem-file")


@routes.post("/credit")
async def credit(daraja: AtDaraja, order: CreditOrder) -> dict[str, Any]:
    """Put money on an account."""
    try:
        daraja.credit(order.short_code, order.amount_minor, order.account, order.reference)
    except KeyError as unknown:
        raise HTTPException(404, "no such short code") from unknown
    return daraja.book.organisations[order.short_code].account()


@routes.post("/paybill")
async def paybill(daraja: AtDaraja, order: PaybillOrder) -> dict[str, Any]:
    """A customer pays; validation and confirmation follow."""
    paying = Paying(
        short_code=order.short_code,
        payer=order.payer,
        amount_minor=order.amount_minor,
        bill_ref=order.bill_ref,
        names=(order.first_name, order.middle_name, order.last_name),
        kind=order.transaction_type,
    )
    try:
        collection = await daraja.menu.pay(paying, of_payee(order.payer))
    except KeyError as unknown:
        raise HTTPException(404, "no such short code") from unknown
    return collection.line()


@routes.post("/reverse")
async def reverse(daraja: AtDaraja, order: ReverseOrder) -> dict[str, Any]:
    """Take a completed payment back, either way; nobody is told."""
    moves = daraja.turned_back(order.receipt)
    if not moves:
        raise HTTPException(422, "nothing was done under that receipt, or it was reversed")
    daraja.book.move(*moves, turned_back=order.receipt)
    return {"receipt": order.receipt, "at": now(), "moves": len(moves)}
