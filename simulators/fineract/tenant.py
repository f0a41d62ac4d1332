"""One tenant: its tables, its switches, and the file all of it is written to."""

import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO, TypeAlias

from simulators.fineract.records import (
    Client,
    Hook,
    Loan,
    Parked,
    PaymentType,
    Product,
    Savings,
    Stored,
    Transaction,
    User,
)
from simulators.fineract.switches import Switches

Record: TypeAlias = User | PaymentType | Product | Client | Loan | Savings | Hook | Stored | Parked
_KINDS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (User, PaymentType, Product, Client, Loan, Savings, Hook, Stored, Parked)
}


class Journal:
    """Every record as it became, one JSON line each; a restart reads the last of each."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._out: TextIO | None = None

    def read(self) -> list[dict[str, Any]]:
        """Every line there is; from now on more are appended."""
        if self._file is None:
            return []
        self._file.parent.mkdir(parents=True, exist_ok=True)
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        self._out = self._file.open("a")
        return [json.loads(line) for line in lines]

    def write(self, lines: Iterable[dict[str, Any]]) -> None:
        """Append, in one flush."""
        if self._out:
            self._out.writelines(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
            self._out.flush()

    def clear(self) -> None:
        """Forget every line."""
        if self._out:
            self._out.truncate(0)

    def close(self) -> None:
        """Close the file."""
        if self._out:
            self._out.close()
            self._out = None


class Tenant:
    """Tables by id, in the order of ids. `save` writes; nothing else may change a record."""

    def __init__(self, name: str, journal: Journal) -> None:
        self.name = name
        self.switches = Switches()
        self.users: dict[int, User] = {}
        self.payment_types: dict[int, PaymentType] = {}
        self.products: dict[int, Product] = {}
        self.clients: dict[int, Client] = {}
        self.loans: dict[int, Loan] = {}
        self.savings: dict[int, Savings] = {}
        self.hooks: dict[int, Hook] = {}
        self.stored: dict[str, Stored] = {}
        self.parked: dict[int, Parked] = {}
        self.external_ids: set[str] = set()
        self._last: dict[str, int] = {}
        self._touches = 0
        self._journal = journal

    def next_id(self, kind: type[Record] | type[Transaction]) -> int:
        """A new id of that kind."""
        self._last[kind.__name__] = self._last.get(kind.__name__, 0) + 1
        return self._last[kind.__name__]

    def save(self, *records: Record) -> None:
        """Keep records as they are now."""
        for record in records:
            if isinstance(record, Loan):
                self._touches += 1
                record.touched = self._touches
            self._keep(record)
        self._journal.write(
            {"tenant": self.name, "kind": type(record).__name__, "record": asdict(record)}
            for record in records
        )

    def turn(self, switches: Switches) -> None:
        """Set the switches."""
        self.switches = switches
        record = switches.model_dump(mode="json")
        self._journal.write([{"tenant": self.name, "kind": "Switches", "record": record}])

    def recall(self, kind: str, record: dict[str, Any]) -> None:
        """Keep a record read from the file."""
        if kind == "Switches":
            self.switches = Switches.model_validate(record)
            return
        if "transactions" in record:
            record["transactions"] = [Transaction(**line) for line in record["transactions"]]
        self._keep(_KINDS[kind](**record))

    def rehearsal(self, account_id: int) -> "Tenant":
        """The same books of one account, written nowhere: what is done here is not done."""
        stage = Tenant(self.name, Journal(None))
        stage.switches, stage.products = self.switches, self.products
        stage.payment_types, stage.clients = self.payment_types, self.clients
        for loan in filter(None, [self.loans.get(account_id)]):
            stage.loans[loan.id] = deepcopy(loan)
        for savings in filter(None, [self.savings.get(account_id)]):
            stage.savings[savings.id] = deepcopy(savings)
        stage.external_ids = set(self.external_ids)
        return stage

    def accounts(self) -> Iterator[Loan | Savings]:
        """Everything money is booked on."""
        yield from self.loans.values()
        yield from self.savings.values()

    def user(self, name: str) -> User | None:
        """The user of that name."""
        return next((user for user in self.users.values() if user.name == name), None)

    def _table(self, record: Record) -> dict[Any, Any]:
        tables: dict[type[Any], dict[Any, Any]] = {
            User: self.users,
            PaymentType: self.payment_types,
            Product: self.products,
            Client: self.clients,
            Loan: self.loans,
            Savings: self.savings,
            Hook: self.hooks,
            Stored: self.stored,
            Parked: self.parked,
        }
        return tables[type(record)]

    def _keep(self, record: Record) -> None:
        self._table(record)[record.id] = record
        if isinstance(record.id, int):
            self._count(type(record).__name__, record.id)
        if isinstance(record, Loan | Savings):
            for line in record.transactions:
                self._count("Transaction", line.id)
                if line.external_id:
                    self.external_ids.add(line.external_id)
        if isinstance(record, Loan):
            self._touches = max(self._touches, record.touched)

    def _count(self, kind: str, key: int) -> None:
        self._last[kind] = max(self._last.get(kind, 0), key)
