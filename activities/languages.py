"""The languages a partner chose, on a connection whose scope is set."""

from typing import TYPE_CHECKING

from models.messages import Language, Languages

if TYPE_CHECKING:
    from runtime.database import Connection

_CHOSEN = """
select people, clients from message_languages
 where org_id = app_org() and livemode = app_mode()"""
_CHOOSE = """
insert into message_languages (org_id, livemode, people, clients)
values (app_org(), app_mode(), %s, %s)
on conflict (org_id, livemode) do update
   set people = excluded.people, clients = excluded.clients, updated_at = now()"""


async def chosen(connection: "Connection") -> Languages:
    """What was chosen; English where nothing was."""
    row = await (await connection.execute(_CHOSEN)).fetchone()
    if row is None:
        return Languages()
    return Languages(people=Language(row["people"]), clients=Language(row["clients"]))


async def choose(connection: "Connection", languages: Languages) -> None:
    """What is told from now on; what waits to be sent is worded already."""
    await connection.execute(_CHOOSE, [languages.people, languages.clients])
