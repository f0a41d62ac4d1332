"""One organisation's messages for delivery tests: real rows, scripted gateways, a moved clock."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from temporalio.testing import ActivityEnvironment

from activities import message_rows
from activities.message_delivery import MessageDelivery
from activities.messages import sealed
from models import ids
from models.delivery import Page
from models.messages import Channel, MessageOrder, Notice
from providers.messaging import Outgoing, Sends, Sent, Submitted
from runtime.database import Database
from runtime.vault import Vault

FACTS = {
    "otp": {
        "code": "424242",
        "amount": "KES 5,000.00",
        "beneficiary": "600111",
        "minutes": "5",
    },
    "loan_disbursed_client": {
        "amount": "KES 5,000.00",
        "receipt": "SBX1",
        "next_repayment": "1 Dec 2026",
    },
    "wallet_low": {
        "balance": "KES 10.00",
        "threshold": "KES 100.00",
        "recommended": "KES 500.00",
        "link": "https://kauri.example/w",
    },
}


@dataclass
class FakeGateway:
    """Answers from a script, then takes everything."""

    name: str
    channel: Channel = Channel.SMS
    script: list[Sent | BaseException] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)

    async def send(self, message: Outgoing) -> Sent:
        self.sent.append(message)
        answer = self.script.pop(0) if self.script else Submitted(provider_ref=f"R{message.id}")
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def aclose(self) -> None:
        """Nothing is open."""


class Outbox:
    """One organisation, two SMS gateways and a mail server."""

    def __init__(self, database: Database, vault: Vault, admin: str) -> None:
        self.database, self.vault, self.admin = database, vault, admin
        self.org, self.now = ids.uuid7(), datetime.now(UTC) + timedelta(minutes=1)
        self.first, self.second = FakeGateway("airtouch"), FakeGateway("africastalking")
        self.mail = FakeGateway("smtp", Channel.EMAIL)
        self.gateways: list[Sends] = [self.first, self.second, self.mail]
        self.wait_scale = 1.0
        self.ask("insert into orgs (id, kind, name) values (%s, 'partner', 'Umoja')", self.org)
        self.ask("delete from gateway_health")

    def ask(self, statement: str, *values: object) -> list[Any]:
        """Do as the administrator; the rows, if there are any."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            done = connection.execute(statement, values)
            return done.fetchall() if done.description else []

    async def tell(self, event: str = "loan_disbursed_client", **changes: Any) -> None:
        """Queue a notice as a step of a saga does."""
        key = f"{ids.mint('ld')}/told"
        known = {"to_phone": "254700000001", "facts": FACTS.get(event, {}), "key": key}
        notice = Notice(event=event, **{**known, **changes})
        letter = await sealed(self.vault, self.org, livemode=False, notice=notice)
        async with self.database.scoped(self.org, False) as connection:
            await message_rows.queue(connection, letter)

    async def deliver(self, later: timedelta = timedelta(0)) -> Page:
        """One page, a while later."""
        self.now += later
        activity = MessageDelivery(
            self.database,
            self.vault,
            self.gateways,
            wait_scale=self.wait_scale,
            clock=lambda: self.now,
        )
        order = MessageOrder(org_id=ids.shown(ids.ORG, self.org), livemode=False)
        return await ActivityEnvironment().run(activity.deliver, order)

    def row(self, *columns: str) -> tuple[Any, ...]:
        """Columns of the only message."""
        (row,) = self.rows(*columns)
        return row

    def rows(self, *columns: str) -> list[tuple[Any, ...]]:
        """Columns of every message, the oldest first."""
        return self.ask(
            f"select {', '.join(columns)} from messages where org_id = %s order by id", self.org
        )
