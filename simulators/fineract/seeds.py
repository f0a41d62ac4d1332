"""How a tenant begins: users, payment types and products, different in each."""

from simulators.fineract.records import PaymentType, Product, User
from simulators.fineract.tenant import Tenant

#: The first tenants of every simulator.
DEFAULT = ("default", "sacco-two")
SUPER_USER, USER = "mifos", "kauri"
MOBILE_MONEY = "Mobile Money"


def plant(tenant: Tenant, *, password: str, shift: int) -> None:
    """Fill an empty tenant; ids of payment types and products differ by `shift`."""
    tenant.save(
        User(id=1, name=SUPER_USER, password=password, permissions=["ALL_FUNCTIONS"]),
        User(id=2, name=USER, password=password),
        PaymentType(id=1 + shift, name="Cash", cash=True),
        PaymentType(id=2 + shift, name=MOBILE_MONEY),
        PaymentType(id=3 + shift, name="Bank Transfer"),
        Product(id=1 + shift, name="Business Loan", short_name="BIZ"),
        Product(
            id=2 + shift,
            name="Emergency Loan",
            short_name="EMER",
            min_minor=50_000,
            max_minor=5_000_000,
            instalments=1,
        ),
        Product(
            id=3 + shift,
            name="School Fees in Terms",
            short_name="TERM",
            multi_disburse=True,
            tranches=3,
        ),
    )
