"""An organisation with a file of payouts, in real rows; the rail is one that pays anybody."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
from temporalio.testing import ActivityEnvironment

from activities.batch_reading import FILE_FIELD, BatchReading
from activities.batch_running import BatchRunning
from activities.payout_accepting import PayoutDesk
from models import ids
from models.charge import Limits
from models.payout_batch import BatchOrder, BatchRead, Tally
from models.payout_rail import PayoutRail, PaysTo
from models.places import ProviderWallet
from models.saga import SagaKind, SagaRef
from runtime.database import Database
from runtime.payout_files import rows_of
from runtime.vault import Vault
from tests.activities.accepted import TERMS
from tests.conftest import Urls

RAIL = PayoutRail(
    name="mpesa",
    title="M-Pesa",
    pays_to=PaysTo.WALLET,
    countries=("KE",),
    limits=(Limits(currency="KES", minimum=1_000, maximum=25_000_000, step=100),),
    terms=TERMS,
    place=ProviderWallet(provider="mpesa", wallet="payouts"),
)
HEADER = "phone,amount,reference,name"


def line(number: int, amount: str = "1500", reference: str = "", name: str = "Jane") -> str:
    """A row of a file."""
    return f"+2547120{number:05d},{amount},{reference},{name}"


class Batching:
    """One organisation; its batches are made by SQL, as accepting makes them."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        self.urls, self.database, self.vault = urls, database, vault
        self.org = ids.uuid7()
        self.desk = PayoutDesk(vault=vault, rails={"mpesa": RAIL}, predicts=lambda _: "mpesa")
        self.reading = BatchReading(database, self.desk, rows_of)
        self.now = 0.0
        self.running = BatchRunning(database, self.desk, lambda: self.now)
        self.sql("insert into orgs (id, kind, name) values (%s, 'merchant', 'Acme')", self.org)

    def sql(self, query: str, *values: Any) -> list[Any]:
        """Do as the administrator; the rows, if there are any."""
        with psycopg.connect(self.urls.admin, autocommit=True) as connection:
            done = connection.execute(query, values)
            return done.fetchall() if done.description else []

    async def batch(
        self, lines: Sequence[str], state: str = "validating", header: str = HEADER, **order: Any
    ) -> BatchOrder:
        """A batch whose file was accepted."""
        ref = SagaRef(
            id=ids.mint(ids.BATCH),
            kind=SagaKind.BATCH,
            org_id=ids.shown(ids.ORG, self.org),
            livemode=False,
        )
        made = BatchOrder(saga=ref, maker="shop", currency="KES", country="KE", **order)
        content = "\n".join([header, *lines]).encode()
        sealed = await self.vault.seal(self.org, livemode=False, field=FILE_FIELD, plain=content)
        self.sql(
            "insert into sagas (id, org_id, livemode, kind, state)"
            " values (%s, %s, false, 'payout_batch', %s)",
            *[made.batch, self.org, state],
        )
        self.sql(
            "insert into payout_files (batch_id, org_id, livemode, format, size, digest,"
            " content_sealed) values (%s, %s, false, 'csv', %s, '', %s)",
            *[made.batch, self.org, len(content), sealed],
        )
        return made

    async def read(self, order: BatchOrder) -> BatchRead:
        """Read its file; the batch then runs."""
        read = await ActivityEnvironment().run(self.reading.read, order)
        self.stands(order, "running")
        return read

    async def advance(self, order: BatchOrder) -> Tally:
        """One look of a running batch."""
        return await ActivityEnvironment().run(self.running.advance, order)

    def stands(self, order: BatchOrder, state: str) -> None:
        """Bring the batch somewhere."""
        self.sql("update sagas set state = %s where id = %s", state, order.batch)

    def rows(self, order: BatchOrder) -> list[Any]:
        """Line, state, and why, of every row."""
        return self.sql(
            "select line, state, coalesce(held_for, reason) from payout_rows"
            " where batch_id = %s order by line",
            order.batch,
        )

    def payouts(self) -> list[UUID]:
        """Every payout there is of the organisation."""
        return [
            row[0]
            for row in self.sql(
                "select id from sagas where kind = 'payout' and org_id = %s", self.org
            )
        ]

    def ends(self, state: str, most: int = 10_000) -> None:
        """So many of the payouts under way end."""
        self.sql(
            'update sagas set state = %s, data = data || \'{"failure": "payee_not_found"}\''
            " where id in (select payout_id from payout_rows where org_id = %s"
            " and state = 'under_way' order by line limit %s)",
            *[state, self.org, most],
        )
