"""`kauri keys`: API keys for merchants and operators, each shown once; rotation of our own."""

from typing import Annotated

import typer

from cli.database import database_url

keys_app = typer.Typer(no_args_is_help=True, help="Make API keys, each shown once; rotate our own.")

Live = Annotated[bool, typer.Option("--live", help="A live key instead of a test key.")]


@keys_app.command()
def merchant(name: Annotated[str, typer.Argument(help="The merchant's name.")]) -> None:
    """Make a new merchant with a test key."""
    from cli.seed import seed  # noqa: PLC0415 - the command line starts without a driver

    print(seed(database_url(), name))


@keys_app.command()
def operator(
    person: Annotated[str, typer.Argument(help="Who acts; stands in every decision.")],
    live: Live = False,
) -> None:
    """Make an operator's key: it may ask, resolve and decide across merchants."""
    from api.keys import OPERATOR  # noqa: PLC0415 - the command line starts without it
    from cli.seed import mint_key  # noqa: PLC0415 - the command line starts without a driver
    from models.ids import PLATFORM_ORG  # noqa: PLC0415 - as above

    print(
        mint_key(database_url(), PLATFORM_ORG, livemode=live, principal=person, scopes=[OPERATOR])
    )


@keys_app.command()
def treasurer(
    person: Annotated[str, typer.Argument(help="Who acts; two are needed for every move.")],
    live: Live = False,
) -> None:
    """Make a treasurer's key: it looks after the house's floats and moves money between them."""
    from api.keys import TREASURY  # noqa: PLC0415 - the command line starts without it
    from cli.seed import mint_key  # noqa: PLC0415 - the command line starts without a driver
    from models.ids import PLATFORM_ORG  # noqa: PLC0415 - as above

    print(
        mint_key(database_url(), PLATFORM_ORG, livemode=live, principal=person, scopes=[TREASURY])
    )


@keys_app.command()
def rotate(
    data_keys: Annotated[
        bool, typer.Option("--data-keys", help="New data keys too; every value is sealed again.")
    ] = False,
    settle: Annotated[
        float | None, typer.Option("--settle", help="Seconds until all processes know them.")
    ] = None,
) -> None:
    """Wrap every data key under the newest key-encryption key, while everything runs."""
    from cli.rotation import rotated  # noqa: PLC0415 - the command line starts without a driver

    print(rotated(data_keys=data_keys, settle=settle))
