"""Where the bank's money moves: payments, the accounts they end in, M-Pesa, notices of it all."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from simulators import codes
from simulators.book import Payment
from simulators.faults import Fault, Outcome
from simulators.ncba import answers, faults
from simulators.ncba.book import BankBook, Line, Push
from simulators.ncba.notices import Hash, Notices
from simulators.ncba.orders import Order
from simulators.ncba.pushing import Pusher
from simulators.settings import Settings
from simulators.stage import Callback, Stage

Where = Literal["working", "utility"]
#: Rails whose money leaves the bank.
_OUTSIDE = frozenset({"pesalink", "eft", "rtgs"})


def _anybody(short_code: str) -> str | None:
    return f"ORGANISATION {short_code}"


def _nowhere(_short_code: str, _minor: int, _where: Where, _reference: str) -> None:
    """No M-Pesa beside: only the bank's own book shows the float."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MobileMoney:
    """What the bank knows of M-Pesa.

    `credit`: puts cents on a short code's account under a reference. `owner`: its name, or None.
    """

    credit: Callable[[str, int, Where, str], object] = _nowhere
    owner: Callable[[str], str | None] = _anybody


def _callback(payment: Payment, outcome: Outcome) -> Callback:
    return Callback("POST", answers.callback(payment, outcome))


class Desk:
    """Book, stage and notices of one bank."""

    def __init__(self, settings: Settings, mobile: MobileMoney) -> None:
        file = settings.state_dir / "ncba.jsonl" if settings.state_dir else None
        opening = {settings.ncba_account: settings.ncba_opening_minor}
        self.book = BankBook(opening, file, posted=self._posted, paid=self._paid)
        self.stage = Stage(
            book=self.book,
            speed=settings.speed,
            callback=_callback,
            receipt=codes.receipt,
            find=faults.named,
        )
        self.mobile = mobile
        self._notices = Notices(settings)
        self._pusher = Pusher(self.book, self.stage)

    def resume(self) -> None:
        """Send on what was under way when the simulator stopped; the stage plays the rest."""
        self._pusher.resume()
        for payment in self.book.without_float():
            self._send_float(payment)
        for payment in self.book.bouncing():
            self.stage.spawn(self._bounce(payment))

    def payment(self, order: Order, fault: Fault) -> Payment:
        """A payment out of an account, named by the bank's own reference."""
        return Payment(
            key=f"FT{codes.digits(10)}",
            our_reference=order.reference,
            payer=order.account,
            amount_minor=order.amount_minor,
            currency="KES",
            callback_url=self.book.registration(order.account).callback_url,
            fault=fault.name,
            calls=fault.calls,
            serial=len(self.book.payments),
            names={"rail": order.rail, "to": order.to},
            echo={"rail": order.rail, "to": order.to, "narrative": order.narrative},
        )

    def push(self, line: Line, *, form: str, url: str, hash_: Hash = "right") -> None:
        """Tell of a line, until it is taken."""
        write = self._notices.xml if form == "xml" else self._notices.json
        body = write(line, hash_=hash_)
        self._pusher.send(Push(id=codes.digits(12), url=url, form=form, body=body))

    def _paid(self, payment: Payment) -> None:
        """Money that left for somewhere arrives there."""
        if payment.echo["rail"] == "float":
            self._send_float(payment)
            return
        if payment.echo["rail"] in _OUTSIDE:
            if payment.fault == faults.BOUNCES.name:
                self.stage.spawn(self._bounce(payment))
            return
        by_phone = payment.echo["rail"] == "till"
        facts = {"receipt": payment.receipt, "phone": payment.payer, "name": "JOHN SAMPLE"}
        self.book.post(
            payment.echo["to"],
            payment.taken_minor,
            narrative=payment.echo["narrative"],
            cause=payment.our_reference,
            reference="" if by_phone else payment.key,
            facts=facts if by_phone else None,
        )

    async def _bounce(self, payment: Payment) -> None:
        await self.stage.pause("late_after_seconds")
        self.book.bounce(payment)
        if payment.callback_url and payment.echo["rail"] != "pesalink":
            await self.stage.tell(payment.callback_url, Callback("POST", answers.bounced(payment)))

    def _send_float(self, payment: Payment) -> None:
        if payment.fault == faults.FLOAT_LATE.name:
            self.stage.spawn(self._send_float_late(payment))
        elif payment.fault != faults.FLOAT_NEVER.name:
            self._credit_float(payment)

    async def _send_float_late(self, payment: Payment) -> None:
        await asyncio.sleep(self.stage.behaviour.seconds("late_after_seconds"))
        self._credit_float(payment)

    def _credit_float(self, payment: Payment) -> None:
        where = self.stage.behaviour.float_lands_in
        self.mobile.credit(payment.echo["to"], payment.taken_minor, where, payment.our_reference)
        self.book.credit_float(payment, where)

    def _posted(self, line: Line) -> None:
        """Whoever registered for an account is told of its lines; of debits in XML only."""
        registered = self.book.registration(line.account)
        if registered.xml_url:
            self.push(line, form="xml", url=registered.xml_url)
        if registered.json_url and line.minor > 0:
            self.push(line, form="json", url=registered.json_url)
