"""`kauri ledger`: is the book right, and what does it say."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer

Answer = TypeVar("Answer")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Live = Annotated[bool, typer.Option("--live", help="Live mode instead of test mode.")]

ledger_app = typer.Typer(no_args_is_help=True, help="Check and read the ledger.")


@ledger_app.command()
def check(as_json: Json = False) -> None:
    """Run every invariant query; exit code 1 when one is broken."""
    from ledger import checks  # noqa: PLC0415 - the command line starts without a driver

    found = _asked(checks.check)
    if as_json:
        print(json.dumps([one.shown() for one in found], indent=2))
    else:
        for one in found:
            named = f"  first: {one.first}" if one.violations else ""
            print(f"{one.violations:>7}  {one.name:<11} {one.says}{named}")
    raise typer.Exit(1 if any(one.violations for one in found) else 0)


@ledger_app.command()
def balances(live: Live = False, as_json: Json = False) -> None:
    """Every account with its balance in minor units."""
    from ledger import reports  # noqa: PLC0415 - the command line starts without a driver

    found = _asked(lambda connection: reports.balances(connection, livemode=live))
    if as_json:
        print(json.dumps({f"{a.name} {a.currency}": a.balance for a in found}, indent=2))
        return
    for account in found:
        print(f"{account.balance:>18,} {account.currency}  {account.name}")


def _asked(question: Callable[[Any], Awaitable[Answer]]) -> Answer:
    """One question to the database as the system role, which reads all organisations."""
    from runtime.database import Database  # noqa: PLC0415 - the command line starts without it
    from runtime.settings import Settings  # noqa: PLC0415 - the command line starts without it

    async def ask() -> Answer:
        database = Database(Settings().database_url, size=1)
        await database.open()
        try:
            async with database.system() as connection:
                return await question(connection)
        finally:
            await database.close()

    return asyncio.run(ask())
