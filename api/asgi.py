"""`uvicorn api.asgi:app`: the application from the environment."""

from fastapi import FastAPI

from activities.refund_accepting import RefundDesk
from api.app import create_app
from api.keys import KeyRing
from api.limits import Limiter
from api.metrics import Metrics
from api.parts import Parts
from providers import registry
from providers.ncba.settings import NcbaSettings
from providers.payout_rails import payout_rails
from providers.refund_rails import refund_rails
from runtime import faults, garbage, logs
from runtime.arrivals import arrivals
from runtime.database import Database
from runtime.dispatch import Dispatcher
from runtime.inbox import Inbox
from runtime.key_providers.chosen import key_provider
from runtime.partner_clients import partners
from runtime.rail_board import RailBoard
from runtime.rail_health import RailHealth
from runtime.settings import Settings
from runtime.temporal import connect
from runtime.vault import Vault
from runtime.vault_inbox import VaultInbox

#: Seconds a request waits for a connection before it is told to come back.
_POOL_PATIENCE = 5.0


async def wired(settings: Settings) -> Parts:
    """The parts of a real process. Temporal is connected to at the first start."""
    ready = registry.load(settings.providers.split(","))
    database = Database(settings.database_url, settings.database_pool)
    database.pool.timeout = _POOL_PATIENCE
    vault = Vault(database, key_provider(settings))
    client = await connect(settings, lazy=True)
    dispatcher = Dispatcher(client, database)
    garbage.collect_rarely()
    bank = NcbaSettings()
    callbacks = {name: one.callbacks for name, one in ready.items() if one.callbacks}
    return Parts(
        settings=settings,
        database=database,
        vault=vault,
        dispatcher=dispatcher,
        inbox=Inbox(dispatcher, database, vault, callbacks),
        vault_inbox=VaultInbox(
            dispatcher,
            database,
            vault,
            arrivals(database, vault, bank, scale=settings.wait_scale),
        ),
        providers=ready,
        refunds=RefundDesk(vault, refund_rails(ready), wait_scale=settings.wait_scale),
        rails=RailHealth(database),
        payout_rails=payout_rails(ready, bank),
        board=RailBoard(database),
        partners=partners(database, vault, settings),
        bank=bank,
        temporal=client,
        keys=KeyRing(database),
        limiter=Limiter(settings.api_rate_per_second),
        metrics=Metrics(),
    )


def from_environment() -> FastAPI:
    """The application as settings say; raises what is wrong with them."""
    settings = Settings()
    logs.configure(settings.log_level, "api")
    faults.install(settings.faultpoints, "api")
    return create_app(settings, wired)


app = from_environment()
