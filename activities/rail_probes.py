"""Is anybody there again? A rail that rests is asked about a payment it knows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from models import ids
from models.charge import Charge
from models.money import Money
from providers.contract import Collects, ProviderError

if TYPE_CHECKING:
    from runtime.database import Database

#: Whoever moves the date asks; the others need not.
_DUE = """
update rail_health set probed_at = now()
 where operation = 'collect' and state in ('open','half_open')
   and coalesce(probed_at < now() - make_interval(secs => %s), true) returning provider"""
#: Ids sort by time: the newest are found without an index of their own.
_KNOWN = """
select id, amount, currency, livemode, provider_reference, redirect_url, created_at
  from attempts where provider = %s and (%s or provider_reference is not null)
 order by id desc limit 1"""
_PAUSE = 5.0


class RailProbes:
    """Asks by the same clients as everything else: they count the answer.

    `by_ours`: providers asked by our reference alone; any payment will do.
    """

    def __init__(
        self,
        database: "Database",
        clients: Mapping[str, Collects],
        *,
        scale: float,
        by_ours: frozenset[str] = frozenset(),
    ) -> None:
        self._database = database
        self._clients = clients
        self._by_ours = by_ours
        self._pause = _PAUSE * scale

    async def probe(self) -> None:
        """Ask each rail that rests one question about its newest payment; what is said of the
        payment itself is left to whoever carries it."""
        async with self._database.system() as connection:
            due = await (await connection.execute(_DUE, [self._pause])).fetchall()
        for row in due:
            if (client := self._clients.get(row["provider"])) is not None:
                await self._ask(row["provider"], client)

    async def _ask(self, provider: str, client: Collects) -> None:
        async with self._database.system() as connection:
            wanted = [provider, provider in self._by_ours]
            row = await (await connection.execute(_KNOWN, wanted)).fetchone()
        if row is None:
            return
        try:
            await client.inquire(_charge(row))
        except ProviderError:
            return  # counted by the client


def _charge(row: Mapping[str, Any]) -> Charge:
    return Charge(
        attempt_id=ids.shown(ids.ATTEMPT, row["id"]),
        amount=Money(row["amount"], row["currency"]),
        payer="",
        callback_url="",
        description="",
        livemode=row["livemode"],
        provider_reference=row["provider_reference"],
        redirect_url=row["redirect_url"],
        prompted_at=row["created_at"],
    )
