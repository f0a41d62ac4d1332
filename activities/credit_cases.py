"""Cases about credits of the bank: money that is nobody's, and a receipt told with two amounts."""

import json
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from models import ids
from models.bank_credit import AMOUNT_DIFFERS, BankCreditOrder
from models.money import Money
from models.saga import SagaRef

if TYPE_CHECKING:
    from runtime.database import Connection

_CASE = """
insert into cases (id, org_id, livemode, kind, cause, saga_id, amount, currency, entry_id, data)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (cause) do nothing returning id"""
#: What a credit may be for by our reference.
_OWNERS = frozenset({ids.TOPUP, ids.CLEARING})
_REVIEW = "update sagas set needs_review = true where id = %s"


class Stands(Protocol):
    """An entry that has a receipt: `ledger.claims.Standing`."""

    @property
    def entry_id(self) -> str:
        """Its name."""
        ...

    @property
    def org(self) -> UUID:
        """In whose name it is."""
        ...

    @property
    def about(self) -> str | None:
        """The saga it names."""
        ...

    @property
    def amount(self) -> Money:
        """What came."""
        ...


async def of_nobody(
    connection: "Connection", order: BankCreditOrder, late_for: SagaRef | None, entry: str
) -> None:
    """It lies in suspense; with `late_for` in the name of whose top-up or move has ended."""
    kind = "late_money" if late_for else "unmatched_credit"
    org = ids.parsed(ids.ORG, late_for.org_id) if late_for else ids.PLATFORM_ORG
    values: list[Any] = [ids.uuid7(), org, order.livemode, kind]
    values += [f"{order.into.bank}/{order.receipt}/{kind}"]
    values += [_saga(late_for.id) if late_for else None]
    values += [order.amount.minor, order.amount.currency, entry]
    await connection.execute(_CASE, [*values, json.dumps(_facts(order))])


async def differs(connection: "Connection", order: BankCreditOrder, booked: Stands) -> None:
    """The receipt is booked with another amount: nothing moves, a person compares."""
    cause = f"{order.workflow_id}/{AMOUNT_DIFFERS}"
    values: list[Any] = [ids.uuid7(), booked.org, order.livemode, AMOUNT_DIFFERS, cause]
    values += [_about(booked), order.amount.minor, order.amount.currency, booked.entry_id]
    told = {"told": str(order.amount), "booked": str(booked.amount), "entry": booked.entry_id}
    found = await connection.execute(_CASE, [*values, json.dumps(_facts(order) | told)])
    if await found.fetchone() is not None:
        await connection.execute(_REVIEW, [_about(booked)])


def _about(booked: Stands) -> UUID | None:
    """The top-up or move the entry names; None where it names something else."""
    about = booked.about or ""
    return _saga(about) if ids.prefix_of(about) in _OWNERS else None


def _saga(named: str) -> UUID:
    return ids.parsed(ids.prefix_of(named), named)


def _facts(order: BankCreditOrder) -> dict[str, str | None]:
    return {"receipt": order.receipt, "account": order.into.account, "written": order.reference}
