"""Plays money that leaves a wallet to its end, as a stage plays what comes in."""

from collections.abc import Callable

from simulators.faults import PAID, Asks, Calls, Fault, Outcome, Wire
from simulators.scripts import End, Step, Tell, Wait, script
from simulators.stage import Callback, Stage
from simulators.wallet_book import Payout, WalletBook


class Outgoing:
    """Payouts, and payments given back under orders of their own.

    `callback` writes the body that claims an outcome.
    """

    def __init__(
        self,
        stage: Stage,
        book: WalletBook,
        *,
        callback: Callable[[Payout, Outcome], Callback],
        receipt: Callable[[], str],
    ) -> None:
        self._stage, self._book = stage, book
        self._callback = callback
        self._receipt = receipt

    def fault_of(self, payout: Payout) -> Fault:
        """What it meets: an empty wallet refuses whatever the number would do."""
        needed = payout.amount_minor + payout.fee_minor
        given = payout.gives_back
        known = self._book.payments.get(given) if given else None
        left = known.taken_minor if known else 0
        if given and (given in self._book.given_back or left < payout.amount_minor):
            return self._stage.find("payer_not_found")
        if not given and needed > self._book.holds(payout.currency):
            return self._stage.find("insufficient_funds")
        return self._stage.find(payout.fault)

    async def accept(self, payout: Payout) -> None:
        """Book it and let it play; a callback before the answer is awaited here."""
        ordered = self._stage.director.ordered("callback")
        fault = self.fault_of(payout)
        payout.fault = fault.name
        payout.calls = ordered.calls if ordered else fault.calls
        payout.serial = len(self._book.payouts)
        self._book.send(payout)
        if payout.calls == Calls.BEFORE_ANSWER:
            await self._play(payout, fault)
        else:
            self._stage.spawn(self._play(payout, fault))
        await self._stage.dawdle()

    def resume(self) -> None:
        """Play on what was under way when the simulator stopped."""
        for payout in self._book.under_way():
            self._stage.spawn(self._play(payout, self._stage.find(payout.fault)))

    def question(self, payout: Payout) -> tuple[Asks, Wire]:
        """What a question meets, counted per payout as payments are."""
        fault = self._stage.director.ordered("status") or self._stage.find(payout.fault)
        payout.asked += 1
        if payout.asked > self._stage.misled(fault.asks):
            return Asks.TRUE, Wire.CLEAN
        clean = fault.asks in {Asks.STALE, Asks.UNSEEN}
        return fault.asks, Wire.CLEAN if clean else fault.wire

    async def _play(self, payout: Payout, fault: Fault) -> None:
        steps: tuple[Step, ...] = script(fault, Calls(payout.calls or PAID.calls))
        for step in steps:
            match step:
                case Wait(delay):
                    await self._stage.pause(delay)
                case End(outcome):
                    self._end(payout, outcome or fault.outcome)
                case Tell(claim):
                    await self._tell(payout, claim)

    def _end(self, payout: Payout, outcome: Outcome) -> None:
        if outcome is Outcome.PAID and payout.gives_back:
            self._book.give_back(payout.gives_back)
        receipt = self._receipt() if outcome is Outcome.PAID else ""
        self._book.conclude(payout, outcome, receipt=receipt)

    async def _tell(self, payout: Payout, claim: Outcome | None) -> None:
        truth = claim or payout.outcome
        if not payout.callback_url or truth is None:
            return
        await self._stage.director.up.wait()
        await self._stage.tell(payout.callback_url, self._callback(payout, truth))
