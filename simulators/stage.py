"""Where one provider's payments play out: book, director, courier and clock together."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from simulators.book import EXPONENTS, MoneyBook, Payment
from simulators.courier import Courier, Proof
from simulators.director import Director
from simulators.faults import Asks, Calls, Fault, Outcome, Takes, Wire
from simulators.scripts import End, Step, Tell, Wait, script
from simulators.settings import Behaviour

_LOGGED = 2000
#: What is taken instead; M-Pesa names no currency on the wire, so shillings stay shillings.
_MISTAKEN = {"XAF": "XOF", "EUR": "XAF", "XOF": "XAF", "UGX": "RWF"}


@dataclass(frozen=True, slots=True)
class Callback:
    """One callback, ready to send. `proof` makes headers from its bytes; `first` is told before."""

    method: str
    body: Mapping[str, Any]
    form: bool = False
    proof: Proof | None = None
    first: "Callback | None" = None


class Stage:
    """Plays payments to their end. `callback` writes the body that claims an outcome.

    `find` names the faults this provider knows; raises KeyError. `webhook_url`: where a provider
    calls that takes one address for everything.
    """

    def __init__(
        self,
        *,
        book: MoneyBook,
        speed: float,
        callback: Callable[[Payment, Outcome], Callback | None],
        receipt: Callable[[], str],
        find: Callable[[str], Fault],
        webhook_url: str = "",
    ) -> None:
        self.book = book
        self.behaviour = Behaviour(speed=speed)
        self.director = Director()
        self.log: deque[dict[str, Any]] = deque(maxlen=_LOGGED)
        self.courier = Courier()
        self._speed = speed
        self._callback = callback
        self._receipt = receipt
        self.find = find
        self.webhook_url = webhook_url
        self._withdrawn: set[str] = set()
        self._unopened: dict[str, asyncio.Event] = {}
        self._playing: set[asyncio.Task[None]] = set()

    def fault_of(self, payment: Payment) -> Fault:
        """The fault a payment was accepted with."""
        return self.find(payment.fault)

    async def accept(self, payment: Payment, fault: Fault) -> None:
        """Book the payment and let it play; a callback before the answer is awaited here."""
        ordered = self.director.ordered("callback")
        payment.calls = ordered.calls if ordered else fault.calls
        if self.behaviour.payer_opens_page:
            self._unopened[payment.key] = asyncio.Event()
        self.book.accept(payment, rings=fault.outcome is not Outcome.NOT_FOUND)
        steps = script(fault, Calls(payment.calls))
        if payment.calls == Calls.BEFORE_ANSWER:
            await self._play(payment, fault, steps)
        else:
            self.spawn(self._play(payment, fault, steps))
        await self.dawdle()

    async def dawdle(self) -> None:
        """Answer no sooner than a slow provider does."""
        if self.behaviour.answer_after_seconds:
            await self.pause("answer_after_seconds")

    async def pause(self, delay: str) -> None:
        """Wait for the delay of that name."""
        await asyncio.sleep(self.behaviour.seconds(delay))

    def opened(self, payment: Payment) -> None:
        """The payer looks at the payment's page, and decides."""
        if page := self._unopened.pop(payment.key, None):
            page.set()

    def withdraw(self, payment: Payment, outcome: Outcome) -> None:
        """End a payment by order of the caller: its script goes no further."""
        self._withdrawn.add(payment.key)
        self.book.end(payment, outcome, taken=(0, ""), receipt="")

    async def decide(self, payment: Payment, outcome: Outcome) -> None:
        """The payer decides on a page: the payment's script goes no further."""
        self._withdrawn.add(payment.key)
        self._end(payment, self.fault_of(payment), outcome)
        self.spawn(self._tell(payment, None))

    def resume(self) -> None:
        """Play on what was pending when the simulator stopped."""
        for payment in self.book.pending():
            fault = self.fault_of(payment)
            self.spawn(self._play(payment, fault, script(fault, Calls(payment.calls))))

    def question(self, payment: Payment) -> tuple[Asks, Wire]:
        """What a question about this payment meets: what is shown, and how it is delivered."""
        fault = self.director.ordered("status")
        if fault is None:
            payment.asked += 1
            fault = self.fault_of(payment)
            if payment.asked > self.misled(fault.asks):
                return Asks.TRUE, Wire.CLEAN
        shown_clean = fault.asks in {Asks.STALE, Asks.UNSEEN}
        return fault.asks, Wire.CLEAN if shown_clean else fault.wire

    async def tell(self, url: str, callback: Callback) -> int:
        """Send one callback and log it."""
        status = await self.courier.send(
            callback.method, url, callback.body, form=callback.form, proof=callback.proof
        )
        self._note(callback.method, url, status)
        return status

    async def ask(self, url: str, body: Mapping[str, Any], *, seconds: float) -> tuple[int, bytes]:
        """Post a question, log it and answer what came back: 0 and nothing if not in time."""
        status, answer = await self.courier.ask(url, body, seconds=seconds)
        self._note("POST", url, status)
        return status, answer

    async def reset(self) -> None:
        """Forget payments, books, faults and log; behave as at first."""
        await self._stop()
        self.book.clear()
        self.log.clear()
        self._unopened.clear()
        self.director = Director()
        self.behaviour = Behaviour(speed=self._speed)

    async def aclose(self) -> None:
        """Stop playing and close what is open."""
        await self._stop()
        await self.courier.aclose()
        self.book.close()

    def spawn(self, playing: Coroutine[Any, Any, None]) -> None:
        """Play something on until it ends, or until everything is forgotten or closed."""
        task = asyncio.create_task(playing)
        self._playing.add(task)
        task.add_done_callback(self._playing.discard)

    def _note(self, method: str, url: str, status: int) -> None:
        path = urlsplit(url).path
        self.log.append({"direction": "out", "method": method, "path": path, "status": status})

    def misled(self, asks: Asks) -> int:
        """How many questions are answered otherwise than truly and cleanly."""
        known = {
            Asks.STALE: self.behaviour.stale_answers,
            Asks.UNSEEN: self.behaviour.unseen_answers,
            Asks.SPOILED: 1,
        }
        return known.get(asks, 0)

    async def _stop(self) -> None:
        for task in self._playing:
            task.cancel()
        await asyncio.gather(*self._playing, return_exceptions=True)

    async def _play(self, payment: Payment, fault: Fault, steps: tuple[Step, ...]) -> None:
        for step in steps:
            match step:
                case Wait(delay):
                    if page := self._unopened.get(payment.key):
                        await page.wait()
                    await self.pause(delay)
                case _ if payment.key in self._withdrawn:
                    return
                case End(outcome):
                    self._end(payment, fault, outcome or fault.outcome)
                case Tell(claim):
                    await self._tell(payment, claim)

    def _end(self, payment: Payment, fault: Fault, outcome: Outcome) -> None:
        if outcome is Outcome.PAID:
            took = taken(payment.amount_minor, payment.currency, fault.takes)
            receipt = self._receipt()
        else:
            took, receipt = (0, ""), ""
        self.book.end(payment, outcome, taken=took, receipt=receipt)

    async def _tell(self, payment: Payment, claim: Outcome | None) -> None:
        if not payment.callback_url:
            return
        await self.director.up.wait()
        truth = claim or payment.outcome
        callback = self._callback(payment, truth) if truth else None
        if callback and callback.first:
            await self.tell(payment.callback_url, callback.first)
        if callback:
            await self.tell(payment.callback_url, callback)


def taken(asked: int, currency: str, takes: Takes) -> tuple[int, str]:
    """What is taken where so much was asked for: minor units and currency."""
    if takes is Takes.OTHER_AMOUNT:
        unit = 10 ** EXPONENTS.get(currency, 0)
        less = asked // unit * 9 // 10 * unit
        return (less if 0 < less < asked else asked + unit), currency
    if takes is Takes.OTHER_CURRENCY:
        return asked, _MISTAKEN.get(currency, currency)
    return asked, currency
