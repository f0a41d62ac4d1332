"""What the control API is told about a lender's books."""

from datetime import date
from typing import Literal

from pydantic import Field

from simulators.fineract.faulty import Operation
from simulators.orders import Order


class NewTenant(Order):
    """A tenant by name."""

    name: str = Field(min_length=1, max_length=60)


class NewUser(Order):
    """A user; `permissions` None: what a partner's own user needs."""

    tenant: str = "default"
    name: str
    password: str
    office_id: int = 1
    permissions: list[str] | None = None
    renew_password: bool = False


class NewClient(Order):
    """A borrower."""

    tenant: str = "default"
    name: str = "Amina Otieno"
    mobile: str | None = "0712000001"
    external_id: str | None = None
    office_id: int = 1
    active: bool = True
    savings: bool = False


class NewProduct(Order):
    """A loan product; amounts are minor units."""

    tenant: str = "default"
    name: str
    short_name: str = "NEW"
    currency: str = "KES"
    decimals: int = 2
    principal_minor: int = 1_000_000
    min_minor: int | None = None
    max_minor: int | None = None
    instalments: int = 3
    multi_disburse: bool = False
    tranches: int | None = None
    sync_expected: bool = False


class ProductChange(Order):
    """What a lender changes on a product."""

    tenant: str = "default"
    active: bool | None = None
    min_minor: int | None = None
    max_minor: int | None = None
    closed_on: date | None = None


class NewLoans(Order):
    """`count` loans, approved unless told otherwise, each of a client of its own but where one is

    named. `{n}` in name and mobile counts on; `mobile` must differ per client then.
    """

    tenant: str = "default"
    count: int = Field(default=1, ge=1, le=100_000)
    client_id: int | None = None
    client_name: str = "Client {n}"
    mobile: str | None = "07{n:08d}"
    product_id: int | None = None
    principal_minor: int = Field(default=1_000_000, gt=0)
    approved_minor: int | None = None
    net_minor: int | None = None
    external_id: str | None = None
    approved: bool = True
    approved_on: date | None = None
    expected_on: date | None = None
    first_repayment_on: date | None = None
    top_up: bool = False
    tranches: int = 0
    #: Tell the hooks of each approval; 10,000 at once are better left to a poll.
    hooks: bool = True


class Act(Order):
    """What an officer does to a loan by hand."""

    tenant: str = "default"
    act: Literal["approve", "undoapproval", "reject", "disburse", "lock", "unlock"]
    on: date | None = None
    approved_minor: int | None = None


class FineractFault(Order):
    """Queue `fault` for the next `times` calls of that operation, tenant and account."""

    fault: str
    operation: Operation = "any"
    tenant: str | None = None
    account: int | None = None
    times: int = Field(default=1, ge=1, le=10_000)


class HookOrder(Order):
    """Tell the hooks anything: what a failed command, or nobody, did."""

    tenant: str = "default"
    entity: str = "LOAN"
    action: str = "APPROVE"
    loan_id: int | None = None
    failed: bool = False
