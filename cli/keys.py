"""`kauri keys`: merchants and operators get their API keys. A key is shown once."""

from typing import Annotated

import typer

keys_app = typer.Typer(no_args_is_help=True, help="Make API keys; each is shown once.")

Live = Annotated[bool, typer.Option("--live", help="A live key instead of a test key.")]


@keys_app.command()
def merchant(name: Annotated[str, typer.Argument(help="The merchant's name.")]) -> None:
    """Make a new merchant with a test key."""
    from cli.seed import seed  # noqa: PLC0415 - the command line starts without a driver

    print(seed(_database(), name))


@keys_app.command()
def operator(
    person: Annotated[str, typer.Argument(help="Who acts; stands in every decision.")],
    live: Live = False,
) -> None:
    """Make an operator's key: it may ask, resolve and decide across merchants."""
    from api.keys import OPERATOR  # noqa: PLC0415 - the command line starts without it
    from cli.seed import mint_key  # noqa: PLC0415 - the command line starts without a driver
    from models.ids import PLATFORM_ORG  # noqa: PLC0415 - as above

    print(mint_key(_database(), PLATFORM_ORG, livemode=live, principal=person, scopes=[OPERATOR]))


def _database() -> str:
    from runtime.settings import Settings  # noqa: PLC0415 - the command line starts without it

    return Settings().database_url
