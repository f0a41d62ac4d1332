"""The control API of the lenders' books: /control/fineract/…, loopback only by default; no key.

Included before the common control routes, whose `{provider}` would take these paths.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from pydantic import ValidationError

from simulators.door import Door
from simulators.fineract import answers, faulty, officer, orders
from simulators.fineract.app import Fineract
from simulators.fineract.records import Loan, User
from simulators.fineract.switches import Switches
from simulators.fineract.telling import News
from simulators.fineract.tenant import Tenant
from simulators.orders import DownOrder
from simulators.settings import Behaviour

routes = APIRouter(prefix="/control/fineract")


def mount(app: FastAPI, fineract: Fineract) -> None:
    """Serve the books at /fineract and their control routes."""
    app.state.fineract = fineract
    app.include_router(routes)
    door = Door(
        fineract.app(), stage=fineract, unavailable=answers.unavailable, busy=answers.unavailable
    )
    app.mount("/fineract", door)


def _fineract(request: Request) -> Fineract:
    fineract: Fineract = request.app.state.fineract
    return fineract


Of = Annotated[Fineract, Depends(_fineract)]


def _tenant(fineract: Fineract, name: str) -> Tenant:
    if name not in fineract.world.tenants:
        raise HTTPException(404, f"no such tenant; there are {', '.join(fineract.world.tenants)}")
    return fineract.world.tenants[name]


def _loan(tenant: Tenant, key: int) -> Loan:
    if key not in tenant.loans:
        raise HTTPException(404, f"tenant {tenant.name} has no loan {key}")
    return tenant.loans[key]


@routes.get("/book")
async def book(fineract: Of) -> dict[str, Any]:
    """Every transaction there is."""
    return fineract.world.account()


@routes.get("/requests")
async def requests(fineract: Of) -> list[dict[str, Any]]:
    """The last two thousand requests and hooks."""
    return list(fineract.log)


@routes.get("/tenants")
async def tenants(fineract: Of) -> list[str]:
    """Their names."""
    return list(fineract.world.tenants)


@routes.post("/tenants")
async def new_tenant(fineract: Of, order: orders.NewTenant) -> dict[str, Any]:
    """A tenant with users, payment types and products of its own."""
    tenant = fineract.world.create(order.name)
    return {
        "name": tenant.name,
        "payment_types": {of.name: of.id for of in tenant.payment_types.values()},
        "products": {of.name: of.id for of in tenant.products.values()},
    }


@routes.post("/users")
async def new_user(fineract: Of, order: orders.NewUser) -> dict[str, int]:
    """A user, or other rights for one there is."""
    tenant = _tenant(fineract, order.tenant)
    known = tenant.user(order.name)
    given = order.model_dump(exclude={"tenant", "permissions"})
    user = User(id=known.id if known else tenant.next_id(User), **given)
    if order.permissions is not None:
        user.permissions = order.permissions
    tenant.save(user)
    return {"user_id": user.id}


@routes.post("/clients")
async def new_client(fineract: Of, order: orders.NewClient) -> dict[str, Any]:
    """A borrower."""
    return officer.new_client(_tenant(fineract, order.tenant), order)


@routes.post("/products")
async def new_product(fineract: Of, order: orders.NewProduct) -> dict[str, Any]:
    """A loan product."""
    return officer.new_product(_tenant(fineract, order.tenant), order)


@routes.post("/products/{key}")
async def change_product(fineract: Of, key: int, order: orders.ProductChange) -> dict[str, int]:
    """Change or close a product."""
    tenant = _tenant(fineract, order.tenant)
    if key not in tenant.products:
        raise HTTPException(404, f"tenant {tenant.name} has no product {key}")
    product = tenant.products[key]
    changes = order.model_dump(mode="json", exclude={"tenant"}, exclude_none=True)
    for name, value in changes.items():
        setattr(product, name, value)
    tenant.save(product)
    return {"product_id": key}


@routes.post("/loans")
async def new_loans(fineract: Of, order: orders.NewLoans) -> dict[str, Any]:
    """Loans, approved unless told otherwise."""
    tenant = _tenant(fineract, order.tenant)
    if order.product_id is not None and order.product_id not in tenant.products:
        raise HTTPException(422, f"tenant {tenant.name} has no product {order.product_id}")
    return officer.new_loans(tenant, order, fineract.teller)


@routes.post("/loans/{key}")
async def act(fineract: Of, key: int, order: orders.Act) -> dict[str, Any]:
    """What an officer does by hand."""
    tenant = _tenant(fineract, order.tenant)
    try:
        return officer.act(tenant, _loan(tenant, key), order, fineract.teller)
    except answers.Error as refused:
        raise HTTPException(409, refused.body) from refused


@routes.get("/switches/{name}")
async def switches(fineract: Of, name: str) -> Switches:
    """How a tenant is set up."""
    return _tenant(fineract, name).switches


@routes.post("/switches/{name}")
async def turn(fineract: Of, name: str, changes: dict[str, Any]) -> Switches:
    """Change some of it."""
    tenant = _tenant(fineract, name)
    try:
        tenant.turn(Switches.model_validate({**tenant.switches.model_dump(), **changes}))
    except ValidationError as wrong:
        raise HTTPException(422, str(wrong)) from wrong
    return tenant.switches


@routes.post("/settings")
async def behave(fineract: Of, changes: dict[str, Any]) -> Behaviour:
    """Change some of how the server behaves."""
    try:
        given = {**fineract.behaviour.model_dump(), **changes}
        fineract.behaviour = Behaviour.model_validate(given)
    except ValidationError as wrong:
        raise HTTPException(422, str(wrong)) from wrong
    return fineract.behaviour


@routes.get("/faults")
async def waiting(fineract: Of) -> list[str]:
    """Faults that wait for a call."""
    return fineract.faults.waiting()


@routes.post("/faults")
async def fault(fineract: Of, order: orders.FineractFault) -> list[str]:
    """Order a fault."""
    try:
        chosen = faulty.named(order.fault)
    except KeyError as unknown:
        raise HTTPException(422, f"no fault is called {order.fault!r}") from unknown
    one = faulty.Ordered(
        fault=chosen, operation=order.operation, tenant=order.tenant, account=order.account
    )
    fineract.faults.order(one, times=order.times)
    return fineract.faults.waiting()


@routes.post("/down")
async def down(fineract: Of, order: DownOrder) -> dict[str, bool]:
    """Take the server down, or up again."""
    fineract.director.switch(order.how if order.down else None)
    return {"down": order.down}


@routes.post("/hooks")
async def tell(fineract: Of, order: orders.HookOrder) -> dict[str, bool]:
    """Tell the hooks something that did not happen, or failed."""
    tenant = _tenant(fineract, order.tenant)
    ids: dict[str, Any] = {
        "officeId": 1,
        "loanId": order.loan_id,
        "resourceId": order.loan_id,
        "changes": {},
    }
    response = None if order.failed else ids
    news = News(entity=order.entity, action=order.action, request={}, response=response)
    fineract.teller.tell(tenant, news)
    return {"told": True}


@routes.post("/reset")
async def reset(fineract: Of) -> dict[str, bool]:
    """Forget everything but the default tenants."""
    await fineract.reset()
    return {"reset": True}
