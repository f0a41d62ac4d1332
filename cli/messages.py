"""`kauri messages`: what whoever runs the platform sets up for messages."""

import psycopg
import typer

from models import ids
from models.ids import PLATFORM_ORG
from runtime.settings import Settings

messages_app = typer.Typer(no_args_is_help=True, add_completion=False)

_SENDER = """
insert into message_senders (org_id, livemode, gateway, sender) values (%s, %s, %s, %s)
on conflict (org_id, livemode, gateway) do update set sender = excluded.sender"""


@messages_app.command("report-path")
def report_path() -> None:
    """The path SMS gateways post delivery reports to; keep it between them and us."""
    secret = Settings().callback_secret
    print(ids.callback_path(ids.shown(ids.ORG, PLATFORM_ORG), "sm1", secret))


@messages_app.command("sender")
def sender(org: str, gateway: str, name: str, live: bool = False) -> None:
    """Give a partner its own registered sender id at one gateway."""
    values = [ids.parsed(ids.ORG, org), live, gateway, name]
    with psycopg.connect(Settings().database_url) as connection:
        connection.execute("set local role kauri_system")
        connection.execute(_SENDER, values)
    print(f"messages of {org} by {gateway} now come from {name}")
