"""`kauri orgs`: merchants and partners, what was agreed with them, and their keys."""

import json
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import typer

from cli.database import database_url

orgs_app = typer.Typer(no_args_is_help=True, help="Merchants and partners: add, agree terms, keys.")

Org = Annotated[str, typer.Argument(help="The organisation's id, org_…")]
Json = Annotated[bool, typer.Option("--json", help="For machines.")]
Points = Annotated[int | None, typer.Option(min=0, max=10_000, help="Hundredths of a percent.")]


class Duplicates(StrEnum):
    """What a second payment of one reference meets."""

    REFUSE = "refuse"
    WARN = "warn"


class Confirms(StrEnum):
    """Whether a result that says a loan was paid is asked about before it counts."""

    NONE = "none"
    QUERY = "query"


@orgs_app.command("list")
def list_orgs(as_json: Json = False) -> None:
    """Every organisation."""
    from cli import org_rows  # noqa: PLC0415 - the command line starts without a driver
    from models import ids  # noqa: PLC0415 - as above

    found = org_rows.organisations(database_url())
    shown = [{**one, "id": ids.shown(ids.ORG, one["id"])} for one in found]
    _print(shown, as_json=as_json)


@orgs_app.command()
def add(
    name: Annotated[str, typer.Argument(help="The merchant's name.")],
    live: Annotated[bool, typer.Option("--live", help="A live key, not a test key.")] = False,
    principal: Annotated[str, typer.Option(help="Who holds the key.")] = "administrator",
) -> None:
    """Make a merchant without fees, and a key; the key is shown once."""
    from cli.seed import seed_merchant  # noqa: PLC0415 - the command line starts without a driver
    from models import ids  # noqa: PLC0415 - as above

    org, key = seed_merchant(database_url(), name, livemode=live, principal=principal)
    print(ids.shown(ids.ORG, org))
    print(key)


@orgs_app.command()
def terms(
    org: Org,
    *,
    fee_basis_points: Points = None,
    fee_fixed_minor: Annotated[int | None, typer.Option(min=0, help="Minor units.")] = None,
    tax_basis_points: Points = None,
    duplicate_reference: Annotated[Duplicates | None, typer.Option()] = None,
    confirm_payouts: Annotated[Confirms | None, typer.Option()] = None,
    return_fee_on_reversal: Annotated[
        bool | None, typer.Option("--return-fee-on-reversal/--keep-fee-on-reversal")
    ] = None,
    return_fee_on_refund: Annotated[
        bool | None, typer.Option("--return-fee-on-refund/--keep-fee-on-refund")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what was agreed, after changing what is named here."""
    from cli import org_rows  # noqa: PLC0415 - the command line starts without a driver

    named = {
        "fee_basis_points": fee_basis_points,
        "fee_fixed_minor": fee_fixed_minor,
        "tax_basis_points": tax_basis_points,
        "duplicate_reference": duplicate_reference,
        "confirm_payouts": confirm_payouts,
        "return_fee_on_reversal": return_fee_on_reversal,
        "return_fee_on_refund": return_fee_on_refund,
    }
    changed = {column: value for column, value in named.items() if value is not None}
    if changed:
        org_rows.agree(database_url(), _org(org), changed)
    found = org_rows.terms(database_url(), _org(org))
    if found is None:
        raise typer.BadParameter("there is no such organisation", param_hint="ORG")
    _print([found], as_json=as_json)


@orgs_app.command()
def key(
    org: Org,
    person: Annotated[str, typer.Argument(help="Who holds it; two keys of one are one person.")],
    scopes: Annotated[
        list[str] | None, typer.Option("--scope", help="A scope; a merchant's usual if left out.")
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="A live key, not a test key.")] = False,
) -> None:
    """Another key of a merchant, shown once; `--scope payouts:approve` lets a person approve."""
    from api.keys import MERCHANT_SCOPES, PAYOUTS_APPROVE  # noqa: PLC0415 - starts without it
    from cli import org_rows  # noqa: PLC0415 - the command line starts without a driver
    from cli.seed import mint_key  # noqa: PLC0415 - as above

    given, known = tuple(scopes or MERCHANT_SCOPES), (*MERCHANT_SCOPES, PAYOUTS_APPROVE)
    if set(given) - set(known):
        raise typer.BadParameter(f"use {', '.join(known)}", param_hint="--scope")
    found = org_rows.terms(database_url(), _org(org))
    if found is None or found["kind"] != "merchant":
        raise typer.BadParameter("there is no such merchant", param_hint="ORG")
    print(mint_key(database_url(), _org(org), livemode=live, principal=person, scopes=given))


@orgs_app.command()
def keys(org: Org, as_json: Json = False) -> None:
    """An organisation's keys: who holds them and what they may do."""
    from cli import org_rows  # noqa: PLC0415 - the command line starts without a driver

    _print(org_rows.keys(database_url(), _org(org)), as_json=as_json)


@orgs_app.command()
def revoke(
    org: Org, prefix: Annotated[str, typer.Argument(help="How the key begins: kk_test_….")]
) -> None:
    """End a key; five seconds later at most it opens nothing."""
    from cli import org_rows  # noqa: PLC0415 - the command line starts without a driver

    ended = org_rows.revoke(database_url(), _org(org), prefix)
    if not ended:
        raise typer.BadParameter("no key of it begins so; see `kauri orgs keys`")
    print(f"{ended} revoked")


def _org(shown: str) -> UUID:
    from models import ids  # noqa: PLC0415 - the command line starts without it

    try:
        return ids.parsed(ids.ORG, shown)
    except ids.BadId as error:
        raise typer.BadParameter(str(error), param_hint="ORG") from None


def _print(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(rows, default=str))
        return
    for row in rows:
        print("  ".join(f"{name} {_word(value)}" for name, value in row.items()))


def _word(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
