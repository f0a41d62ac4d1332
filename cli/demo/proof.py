"""What the demo checks at the end: the ledger, the providers' own books, the merchant's inbox."""

from dataclasses import dataclass
from typing import Any

from cli.demo.client import DemoClient
from ledger import checks
from runtime.database import Database
from simulators.settings import Settings

_FLOATS = """
select currency, sum(balance)::bigint as total from ledger_accounts
 where name like %s and type = 'asset' group by currency"""
#: Whose book stands under which name in the simulators: every provider of the demo's stack.
_OWN_NAME = ("momo", "airtel", "wave", "cards", "orange", "orange_cm", "camtel")
BOOKS = {"mpesa": "daraja", **{name: name for name in _OWN_NAME}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that must be true."""

    name: str
    holds: bool
    detail: str


async def ledger_holds(database: Database) -> list[Finding]:
    """Every invariant of the ledger, with its count of violations."""
    async with database.system() as connection:
        found = await checks.check(connection)
    broken = [f"{one.name}: {one.violations}" for one in found if one.violations]
    detail = ", ".join(broken) or f"{len(found)} invariant queries, 0 violations"
    return [Finding(name="ledger balanced", holds=not broken, detail=detail)]


async def books_equal(database: Database, client: DemoClient) -> list[Finding]:
    """What we say lies in each wallet against what its provider took, paid out and gave back.

    Its own price for a payout is in neither: it is not booked yet.
    """
    return [await _book_equals(database, client, name, book) for name, book in BOOKS.items()]


async def _book_equals(database: Database, client: DemoClient, provider: str, book: str) -> Finding:
    async with database.system() as connection:
        cursor = await connection.execute(_FLOATS, [f"provider:{provider}:%:float%"])
        ours = {row["currency"]: int(row["total"]) for row in await cursor.fetchall()}
    told = await client.control(f"{book}/book")
    debits = _ours(told)
    theirs: dict[str, int] = {}
    for debit in debits:
        theirs[debit["currency"]] = theirs.get(debit["currency"], 0) + debit["amount_minor"]
    for currency, minor in (*_paid_out(told), *_given_back(told)):
        theirs[currency] = theirs.get(currency, 0) - minor
    ours = {currency: total for currency, total in ours.items() if total}
    theirs = {currency: total for currency, total in theirs.items() if total}
    return Finding(
        name=f"{provider}: simulator's book equals ours",
        holds=ours == theirs,
        detail=f"ours {_words(ours)}, theirs {_words(theirs)} in {len(debits)} debits",
    )


async def webhooks_arrived(client: DemoClient, events: set[str]) -> Finding:
    """Every event of the demo reached the merchant, each with a signature that verified."""
    received: list[dict[str, Any]] = await client.control("merchant/received")
    verified = {message["id"] for message in received if message["verified"]}
    missing = len(events - verified)
    return Finding(
        name="webhooks delivered and verified",
        holds=missing == 0 and bool(events),
        detail=f"{len(events & verified)} of {len(events)} events, {missing} missing",
    )


def _ours(book: dict[str, Any]) -> list[dict[str, Any]]:
    """Debits into our own wallet: what lenders' short codes took is theirs."""
    if "organisations" not in book:
        return list(book["debits"])
    movements = book["organisations"][Settings().daraja_short_code]["movements"]
    receipts = {move["receipt"] for move in movements}
    return [debit for debit in book["debits"] if debit["receipt"] in receipts]


def _paid_out(book: dict[str, Any]) -> list[tuple[str, int]]:
    """What our own wallet there paid out, and did not get back."""
    if "organisations" in book:
        movements = book["organisations"][Settings().daraja_short_code]["movements"]
        return [("KES", -move["amount_minor"]) for move in movements if move["kind"] == "payout"]
    return [
        (one["currency"], one["amount_minor"])
        for one in book.get("payouts", ())
        if one["outcome"] == "paid" and not one["back"] and not one["gives_back"]
    ]


def _given_back(book: dict[str, Any]) -> list[tuple[str, int]]:
    """What went back to payers: whole payments of a wallet, or orders of their own."""
    carried = next((debit["currency"] for debit in book["debits"]), "")
    whole = [(carried, minor) for minor in book.get("given_back", {}).values()]
    own = [(one["currency"], one["amount_minor"]) for one in book.get("refunds", ()) if one["done"]]
    return [*whole, *own]


def _words(totals: dict[str, int]) -> str:
    return " + ".join(f"{currency} {total:,}" for currency, total in sorted(totals.items())) or "0"
