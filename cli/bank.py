"""`kauri bank`: what whoever runs the platform tells the bank."""

import json
from typing import Annotated

import typer

from models import ids
from models.ids import PLATFORM_ORG
from runtime.settings import Settings

bank_app = typer.Typer(no_args_is_help=True, add_completion=False)

#: What each address is for, by slug.
_ADDRESSES = {
    "kb1": "results of transfers and float purchases",
    "kb2": "movements of the pool account (SOAP)",
    "kb3": "payments to the bank's pay bill (JSON)",
}


@bank_app.callback()
def _bank() -> None:
    """Our accounts at the bank."""


@bank_app.command("addresses")
def addresses(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """The addresses to register with the bank; keep them between the bank and us."""
    settings = Settings()
    owner = ids.shown(ids.ORG, PLATFORM_ORG)
    urls = {
        slug: settings.public_url + ids.callback_path(owner, slug, settings.callback_secret)
        for slug in _ADDRESSES
    }
    if as_json:
        print(json.dumps(urls, indent=2))
        return
    for slug, url in urls.items():
        print(f"{_ADDRESSES[slug]}\n  {url}")
