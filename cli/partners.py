"""`kauri partners`: lenders and savings groups we disburse and collect for."""

from typing import Annotated

import typer

from cli.database import database_url

partners_app = typer.Typer(no_args_is_help=True, help="Add partners, and keys for their people.")

Live = Annotated[bool, typer.Option("--live", help="A live key instead of a test key.")]
Principal = Annotated[
    str, typer.Option("--principal", help="Who holds the key; stands in what it does.")
]


@partners_app.command()
def add(
    name: Annotated[str, typer.Argument(help="The partner's name.")],
    live: Live = False,
    principal: Principal = "administrator",
) -> None:
    """Make a partner, and a key that may do all a partner does; the key is shown once."""
    from cli.seed import seed_partner  # noqa: PLC0415 - the command line starts without a driver
    from models import ids  # noqa: PLC0415 - as above

    org, key = seed_partner(database_url(), name, livemode=live, principal=principal)
    print(ids.shown(ids.ORG, org))
    print(key)


@partners_app.command()
def key(
    partner: Annotated[str, typer.Argument(help="The partner's id, org_…")],
    scopes: Annotated[
        list[str] | None, typer.Option("--scope", help="One of its scopes; all if left out.")
    ] = None,
    live: Live = False,
    principal: Principal = "administrator",
) -> None:
    """Another key of a partner, with all scopes or with some; shown once."""
    from api.keys import PARTNER_SCOPES  # noqa: PLC0415 - the command line starts without it
    from cli.seed import mint_key  # noqa: PLC0415 - the command line starts without a driver
    from models import ids  # noqa: PLC0415 - as above

    unknown = set(scopes or ()) - set(PARTNER_SCOPES)
    if unknown:
        raise typer.BadParameter(f"use {', '.join(PARTNER_SCOPES)}")
    org = ids.parsed(ids.ORG, partner)
    given = tuple(scopes or PARTNER_SCOPES)
    print(mint_key(database_url(), org, livemode=live, principal=principal, scopes=given))
