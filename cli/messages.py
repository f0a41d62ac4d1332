"""`kauri messages`: what whoever runs the platform sets up for messages."""

from typing import Annotated

import psycopg
import typer

from cli.calls import HOME, Api, Json, PartnerKey, call, show
from models import ids
from models.ids import PLATFORM_ORG
from models.messages import Language
from runtime.settings import Settings

messages_app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Messages: languages, senders, reports."
)

People = Annotated[Language | None, typer.Option("--people", help="For the partner's people.")]
Clients = Annotated[
    Language | None,
    typer.Option("--clients", help="For its clients; as for its people if left out."),
]

_SENDER = """
insert into message_senders (org_id, livemode, gateway, sender) values (%s, %s, %s, %s)
on conflict (org_id, livemode, gateway) do update set sender = excluded.sender"""


@messages_app.command("report-path")
def report_path() -> None:
    """The path SMS gateways post delivery reports to; keep it between them and us."""
    secret = Settings().callback_secret
    print(ids.callback_path(ids.shown(ids.ORG, PLATFORM_ORG), "sm1", secret))


@messages_app.command("languages")
def languages(
    key: PartnerKey,
    people: People = None,
    clients: Clients = None,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """The languages a partner's messages are written in: en, fr or sw. Shown, or chosen."""
    url = f"{api}/v1/messages/languages"
    if people is None and clients is not None:
        raise typer.BadParameter("name --people too")
    if people is None:
        show(call("GET", url, key), (), as_json=as_json)
        return
    body = {"people": people, "clients": clients or people}
    show(call("PUT", url, key, body), (), as_json=as_json)


@messages_app.command("sender")
def sender(org: str, gateway: str, name: str, live: bool = False) -> None:
    """Give a partner its own registered sender id at one gateway."""
    values = [ids.parsed(ids.ORG, org), live, gateway, name]
    with psycopg.connect(Settings().database_url) as connection:
        connection.execute("set local role kauri_system")
        connection.execute(_SENDER, values)
    print(f"messages of {org} by {gateway} now come from {name}")
