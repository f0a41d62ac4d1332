"""Four books that know nothing of each other: ours, M-Pesa's, Mifos X's, the bank's."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias

from cli.demo.proof import Finding
from cli.demo.vault.bank import POOL
from cli.demo.vault.told import Player
from runtime.database import Connection

#: A connection that reads every organisation.
Reading: TypeAlias = Callable[[], AbstractAsyncContextManager[Connection]]

_BALANCE = "select coalesce(sum(balance), 0)::bigint as total from ledger_accounts where name = %s"
_TAKEN, _GIVEN = ("disbursement",), ("repayment", "deposit")


async def bank_agrees(reading: Reading, player: Player) -> list[Finding]:
    """The pool account at the bank against our trust account."""
    lines = (await player.client.control("ncba/book"))["lines"]
    theirs = sum(line["minor"] for line in lines if line["account"] == POOL)
    ours = await _balance(reading, f"bank:ncba:{POOL}:trust")
    return [_agrees("bank: pool account", ours, theirs)]


async def agree(reading: Reading, player: Player) -> list[Finding]:
    """One lender's short codes and loan book against our mirror of them."""
    lender = player.lender
    mpesa = (await player.client.control("daraja/book"))["organisations"]
    books = await player.client.control("fineract/book")
    mifos = books["totals"][lender.tenant]
    payer, bill = mpesa[lender.payer]["movements"], mpesa[lender.pay_bill]["movements"]
    mirror = {
        part: await _balance(reading, f"partner:{player.org}:{part}")
        for part in ("b2c_float", "b2c_charges", "paybill", "collections")
    }
    lent = -_moved(payer, kinds={"payout", "reversal"})
    return [
        _once(player, mpesa[lender.payer]["instructions"], books["times"]),
        _agrees(
            f"{lender.name}: what pays loans out",
            mirror["b2c_float"],
            _moved(payer, accounts={"working", "utility"}),
        ),
        _agrees(
            f"{lender.name}: M-Pesa's fees",
            mirror["b2c_charges"],
            _moved(payer, accounts={"charges_paid"}),
        ),
        _agrees(f"{lender.name}: pay bill", mirror["paybill"], _moved(bill)),
        _agrees(f"{lender.name}: M-Pesa lent, Mifos X booked", lent, _booked(mifos, _TAKEN)),
        _agrees(
            f"{lender.name}: collected, Mifos X booked",
            mirror["collections"],
            _booked(mifos, _GIVEN),
        ),
    ]


def _once(player: Player, instructions: list[dict[str, Any]], times: dict[str, int]) -> Finding:
    """Every loan was paid by one payout and given out once in its lender's books."""
    payouts = sum(one["kind"] == "payout" and bool(one["receipt"]) for one in instructions)
    given = [times[loan] for loan in times if loan.startswith(f"{player.lender.tenant}/")]
    return Finding(
        name=f"{player.lender.name}: each loan paid once",
        holds=payouts == len(given) == sum(given),
        detail=f"{payouts} payouts, {len(given)} loans given out, {sum(given)} times",
    )


async def _balance(reading: Reading, account: str) -> int:
    async with reading() as connection:
        row = await (await connection.execute(_BALANCE, [account])).fetchone()
    return int(row["total"]) if row else 0


def _moved(
    movements: list[dict[str, Any]],
    *,
    accounts: set[str] | None = None,
    kinds: set[str] | None = None,
) -> int:
    return sum(
        move["amount_minor"]
        for move in movements
        if (accounts is None or move["account"] in accounts)
        and (kinds is None or move["kind"] in kinds)
    )


def _booked(totals: dict[str, dict[str, int]], kinds: tuple[str, ...]) -> int:
    return sum(totals.get(kind, {}).get("KES", 0) for kind in kinds)


def _agrees(name: str, ours: int, theirs: int) -> Finding:
    return Finding(
        name=name, holds=ours == theirs, detail=f"one says {ours:,}, the other {theirs:,}"
    )
