"""What only the bank is ordered: accounts, whom it tells, money that comes in."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import Field

from simulators.ncba.book import Registration
from simulators.ncba.desk import Desk
from simulators.ncba.notices import Hash
from simulators.orders import Order

routes = APIRouter(prefix="/control/ncba")
_URL = Field(default="", max_length=2000)


class AccountOrder(Order):
    """A new account and what it holds."""

    account: str = Field(pattern=r"^\d{6,20}$")
    balance_minor: int = Field(default=0, ge=0)


class RegisterOrder(Order):
    """Where the bank sends results (`http://user:password@host/…` for Basic auth) and notices."""

    account: str
    callback_url: str = _URL
    xml_url: str = _URL
    json_url: str = _URL


class CreditOrder(Order):
    """Money comes in (goes out, where negative); told where `url` or the registration says.

    `form` none is told to nobody: only the statement shows it. `core_reference` False leaves
    the pay bill notice's FTRef empty.
    """

    account: str
    amount_minor: int
    narrative: str = ""
    name: str = "JANE SAMPLE"
    phone: str = "254700000940"
    receipt: str = ""
    form: Literal["xml", "json", "both", "none"] = "xml"
    hash: Hash = "right"
    url: str = _URL
    core_reference: bool = True


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.bank
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]


@routes.post("/accounts")
async def open_account(desk: AtDesk, order: AccountOrder) -> dict[str, int]:
    """Open an account; answers what it holds."""
    desk.book.open(order.account, order.balance_minor)
    return {"balance_minor": desk.book.balances[order.account]}


@routes.post("/register")
async def register(desk: AtDesk, order: RegisterOrder) -> dict[str, bool]:
    """Tell these addresses of an account from now on."""
    _known(desk, order.account)
    desk.book.register(Registration(**order.model_dump()))
    return {"registered": True}


@routes.post("/credit")
async def credit(desk: AtDesk, order: CreditOrder) -> dict[str, Any]:
    """Post a line and tell of it; answers the bank's reference."""
    _known(desk, order.account)
    line = desk.book.post(
        order.account,
        order.amount_minor,
        narrative=order.narrative,
        cause=order.narrative,
        announced=False,
        facts={
            "name": order.name,
            "phone": order.phone,
            "receipt": order.receipt,
            "core": "told" if order.core_reference else "absent",
        },
    )
    registered = desk.book.registration(order.account)
    urls = {"xml": order.url or registered.xml_url, "json": order.url or registered.json_url}
    forms = [form for form in urls if order.form in {form, "both"} and urls[form]]
    for form in forms:
        desk.push(line, form=form, url=urls[form], hash_=order.hash)
    return {"reference": line.reference, "told": forms}


def _known(desk: Desk, account: str) -> None:
    if account not in desk.book.balances:
        raise HTTPException(404, f"no such account; there are {', '.join(desk.book.balances)}")
