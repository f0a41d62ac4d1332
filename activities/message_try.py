"""One message through the gateways of its channel: claimed, sent, written down, one after another.

Each write names the state it expects, so of two workers with the same message one goes on.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from activities import gateway_health as health
from activities import message_rows as rows
from activities import message_rules as rules
from models import faultpoints, ids
from models.messages import POLICIES, Channel, MessageClass, MessagePolicy, MessageState
from providers.messaging import Outgoing, Sends, Unknown

if TYPE_CHECKING:
    from runtime.database import Database
    from runtime.vault import Vault

    Row = Mapping[str, Any]

#: A call is over by then, or its worker is. Shortened like every wait, but not below a slow call.
_CALL, _SHORTEST = timedelta(seconds=60), timedelta(seconds=10)


class Trier:
    """Tries messages; `gateways` in order of preference."""

    def __init__(
        self,
        database: "Database",
        vault: "Vault",
        gateways: Sequence[Sends],
        *,
        wait_scale: float,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._vault = vault
        self._gateways = gateways
        self._wait_scale = wait_scale
        self._clock = clock

    async def attempt(self, message: "Row", senders: Mapping[str, str]) -> bool:
        """True when a gateway took it now. `senders`: the organisation's own names, by gateway."""
        if message["state"] == MessageState.SENDING:
            lost = rules.verdict(_policy(message), _LOST, doubts=message["doubts"])
            await self._move(message, lost, doubts=1)
            return False
        if message["expires_at"] <= self._clock():
            await self._move(message, rules.too_late(doubts=message["doubts"]))
            return False
        return await self._through(message, senders)

    async def _through(self, message: "Row", senders: Mapping[str, str]) -> bool:
        doubts, said = message["doubts"], None
        for gateway in self._in_order(message):
            if await self._claimed(message, gateway, tries=0 if said else 1):
                said = await self._asked(message, gateway, senders.get(gateway.name), doubts)
                if said.state is not MessageState.QUEUED or said.pause is not None:
                    return said.state is MessageState.SUBMITTED
                doubts += said.doubtful
        await self._move(message, _later(message, said, doubts))
        return False

    def _in_order(self, message: "Row") -> "list[Sends]":
        """The preferred first; one that left us in doubt about this message comes last."""
        carry = [one for one in self._gateways if one.channel is Channel(message["channel"])]
        doubted = message["gateway"] if message["doubts"] else None
        return sorted(carry, key=lambda one: one.name == doubted)

    async def _claimed(self, message: "Row", gateway: Sends, *, tries: int) -> bool:
        now = self._clock()
        until = now + max(_CALL * self._wait_scale, _SHORTEST)
        async with self._database.system() as connection:
            if not await health.may_send(connection, gateway.name, now):
                return False
            return await rows.claim(
                connection, message["id"], gateway=gateway.name, until=until, tries=tries
            )

    async def _asked(
        self, message: "Row", gateway: Sends, sender: str | None, doubts: int
    ) -> rules.Verdict:
        """Send by one gateway and write down what it said."""
        outgoing = await self._outgoing(message, sender)
        await faultpoints.reach(f"message.send.{gateway.name}.before", outgoing.id)
        started = time.monotonic()
        sent = await gateway.send(outgoing)
        took = round((time.monotonic() - started) * 1000)
        await faultpoints.reach(f"message.send.{gateway.name}.after", outgoing.id)
        said, now = rules.verdict(_policy(message), sent, doubts=doubts), self._clock()
        async with self._database.system() as connection:
            await health.learn(connection, gateway.name, sent, now)
            await rows.log(connection, message, gateway.name, said, took=took, now=now)
            await rows.move(
                connection,
                message,
                said,
                was=MessageState.SENDING,
                doubts=int(said.doubtful),
                next_at=self._after(said),
                now=now,
            )
        return said

    async def _move(self, message: "Row", said: rules.Verdict, *, doubts: int = 0) -> None:
        async with self._database.system() as connection:
            await rows.move(
                connection,
                message,
                said,
                was=MessageState(message["state"]),
                doubts=doubts,
                next_at=self._after(said),
                now=self._clock(),
            )

    def _after(self, said: rules.Verdict) -> datetime:
        return self._clock() + (said.pause or timedelta(0)) * self._wait_scale

    async def _outgoing(self, message: "Row", sender: str | None) -> Outgoing:
        return Outgoing(
            id=ids.shown(ids.MESSAGE, message["id"]),
            to=await self._opened(message, "message_to", message["to_sealed"]),
            text=await self._opened(message, "message_body", message["body_sealed"]),
            subject=await self._opened(message, "message_subject", message["subject_sealed"]),
            sender=sender,
        )

    async def _opened(self, message: "Row", field: str, sealed: bytes | None) -> str:
        if sealed is None:
            return ""
        plain = await self._vault.unseal(
            message["org_id"], livemode=message["livemode"], field=field, sealed=sealed
        )
        return plain.decode()


#: The worker that claimed it never said what came of it.
_LOST = Unknown(code="worker_lost")


def _policy(message: "Row") -> MessagePolicy:
    return POLICIES[MessageClass(message["class"])]


def _later(message: "Row", said: rules.Verdict | None, doubts: int) -> rules.Verdict:
    """Nobody took it: all refused, or none was open to be asked."""
    if said is None:
        return rules.NONE_OPEN
    return rules.nobody_took_it(
        _policy(message), tries=message["tries"] + 1, doubts=doubts, code=said.code
    )
