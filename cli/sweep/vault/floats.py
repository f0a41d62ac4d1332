"""Float of the sweep: the code is read and typed, then the bank is stopped or spoiled."""

from functools import partial
from typing import Any

from cli.demo.vault import floats
from cli.demo.vault.told import Player, until
from cli.sweep.vault.driven import Lent
from cli.sweep.vault.lender import again

_MINOR = 200_000
_FLOAT, _MOVE = "ncba_float", "mpesa_b2b"
_WHY = "the purchase before keeps the short code"
_ENDED = {"settled", "returned"}
#: What is decided where no order is unknown any more.
_DECIDED = {"float_refused": "return", "in_working": "moved", "not_seen": "seen"}


class Floats:
    """One purchase at a time: a short code has one open, and review keeps it open."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._code, self._before = "", ""

    async def prepare(self, lent: Lent) -> None:
        """Quote it, read the code, and order what the bank will do."""
        await self._make_room()
        lent.where, self._code = await floats.quoted(self._player, _MINOR)
        self._before = lent.where
        if lent.cell.point is None and lent.cell.fault != "paid":
            fault = {"fault": lent.cell.fault, "operation": "float"}
            await self._player.client.control("ncba/faults", fault)

    async def begin(self, lent: Lent) -> None:
        """Type the code, with the same key until it is answered."""
        body, key = {"code": self._code}, lent.reference
        await again(lambda: self._player.client.post(f"{lent.where}/otp", body, key=key))

    async def _make_room(self) -> None:
        """Two people end the purchase before, as long as it is in review."""
        where, client = self._before, self._player.client
        while where and (shown := await client.get(where))["needs_review"]:
            stood = shown["status"]
            await (self._decide(stood) if stood in _DECIDED else self._resolve(stood))
            await until(partial(self._elsewhere, stood))

    async def _elsewhere(self, stood: str) -> dict[str, Any] | None:
        """The purchase before, once it has ended or people are asked again."""
        shown = await self._player.client.get(self._before)
        now = shown["status"]
        asks = shown["needs_review"] and (now in _DECIDED or now.endswith("_unknown"))
        return shown if now in _ENDED or (asks and now != stood) else None

    async def _decide(self, stood: str) -> None:
        if stood == "not_seen":
            await self._chase()
        word = {"decision": _DECIDED[stood], "reason": _WHY, "evidence": "the simulators' books"}
        purchase = self._before.rpartition("/")[2]
        where = f"/v1/operator/float-purchases/{purchase}/decide"
        await self._player.client.operate("POST", where, word)

    async def _chase(self) -> None:
        """The bank is asked where the float is, and sends what it never sent."""
        client, payer = self._player.client, self._player.lender.payer
        references = await self._references()
        moves = (await client.control("daraja/book"))["organisations"][payer]["movements"]
        if not any(move["reference"] in references for move in moves):
            (reference,) = references
            sent = {"short_code": payer, "amount_minor": _MINOR, "reference": reference}
            await client.control("daraja/credit", sent)

    async def _references(self, rail: str = _FLOAT) -> set[str]:
        """What the bank was told to buy float under, or M-Pesa to move it."""
        story = (await self._player.client.get(f"{self._before}/timeline"))["data"]
        orders = [item for item in story if item["kind"] == "instruction"]
        return {item["our_reference"] for item in orders if item["rail"] == rail}

    async def _resolve(self, stood: str) -> None:
        """By the book of whom nobody heard."""
        done = await (self._moved() if stood == "move_unknown" else self._bought())
        word = {
            "outcome": "succeeded" if done else "failed",
            "reason": _WHY,
            "evidence": "the simulators' books",
            "receipt": done,
        }
        saga = self._before.rpartition("/")[2]
        where = f"/v1/operator/sagas/{saga}/resolve"
        await self._player.client.operate("POST", where, word)

    async def _bought(self) -> str | None:
        """The bank's reference of the purchase."""
        client, references = self._player.client, await self._references()
        lines = (await client.control("ncba/book"))["lines"]
        own = [line for line in lines if line["cause"] in references]
        return str(own[0]["reference"]) if sum(line["minor"] for line in own) else None

    async def _moved(self) -> str | None:
        """M-Pesa's reference of the move."""
        client, references = self._player.client, await self._references(_MOVE)
        payer = self._player.lender.payer
        moves = (await client.control("daraja/book"))["organisations"][payer]["movements"]
        return next((m["reference"] for m in moves if m["reference"] in references), None)
