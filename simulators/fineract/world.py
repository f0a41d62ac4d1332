"""Every tenant of one server, and the file they are kept in."""

from pathlib import Path
from typing import Any

from simulators.fineract import seeds
from simulators.fineract.records import Loan, Savings, Transaction
from simulators.fineract.tenant import Journal, Tenant


class World:
    """Tenants by name. The default ones exist from the start."""

    def __init__(self, file: Path | None, *, password: str) -> None:
        self.tenants: dict[str, Tenant] = {}
        self._password = password
        self._journal = Journal(file)
        for line in self._journal.read():
            self._named(line["tenant"]).recall(line["kind"], line["record"])
        self._plant()

    def create(self, name: str) -> Tenant:
        """A tenant of that name, planted when it is new."""
        tenant = self._named(name)
        if not tenant.users:
            shift = 10 * (len(self.tenants) - 1)
            seeds.plant(tenant, password=self._password, shift=shift)
        return tenant

    def reset(self) -> None:
        """Forget everything but the default tenants as they began."""
        self._journal.clear()
        self.tenants.clear()
        self._plant()

    def account(self) -> dict[str, Any]:
        """The book: every transaction of every account, and how often each loan was given out."""
        lines = [
            _line(tenant, of, line)
            for tenant in self.tenants.values()
            for of in tenant.accounts()
            for line in of.transactions
        ]
        times: dict[str, int] = {}
        for line in lines:
            if line["kind"] == "disbursement" and not line["reversed"]:
                key = f"{line['tenant']}/{line['loan_id']}"
                times[key] = times.get(key, 0) + 1
        return {
            "provider": "fineract",
            "transactions": lines,
            "times": times,
            "totals": {name: _totals(lines, name) for name in self.tenants},
        }

    def close(self) -> None:
        """Close the file."""
        self._journal.close()

    def _plant(self) -> None:
        for name in seeds.DEFAULT:
            self.create(name)

    def _named(self, name: str) -> Tenant:
        return self.tenants.setdefault(name, Tenant(name, self._journal))


def _line(tenant: Tenant, of: Loan | Savings, line: Transaction) -> dict[str, Any]:
    loan = isinstance(of, Loan)
    return {
        "tenant": tenant.name,
        "loan_id": of.id if loan else None,
        "savings_id": None if loan else of.id,
        "transaction_id": line.id,
        "kind": line.kind,
        "amount_minor": line.amount_minor,
        "currency": of.currency,
        "on": line.on,
        "external_id": line.external_id,
        "receipt": line.receipt,
        "reversed": line.reversed,
    }


def _totals(lines: list[dict[str, Any]], tenant: str) -> dict[str, dict[str, int]]:
    """What stands, by kind and currency."""
    totals: dict[str, dict[str, int]] = {}
    for line in lines:
        if line["tenant"] == tenant and not line["reversed"]:
            kind = totals.setdefault(line["kind"], {})
            kind[line["currency"]] = kind.get(line["currency"], 0) + line["amount_minor"]
    return totals
