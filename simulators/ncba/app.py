"""The bank: open banking under /test/apigateway, the till under /payments."""

from fastapi import FastAPI, Request, Response

from simulators.director import Operation
from simulators.door import Door, Refused, answer_refused, note
from simulators.faults import PAID, Asks, Fault, Outcome, Wire, of_number
from simulators.ncba import answers, control, orders
from simulators.ncba.desk import Desk, MobileMoney
from simulators.ncba.gate import PRODUCT, Gate
from simulators.ncba.orders import Order
from simulators.ncba.payments import Payments
from simulators.ncba.till import Till
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.tokens import Tokens

_BASE = "/test/apigateway/api/v1"


class Ncba:
    """Routes of one bank. Nothing is idempotent unless `refuses_repeats` is switched on."""

    def __init__(self, settings: Settings, mobile: MobileMoney | None = None) -> None:
        self.desk = Desk(settings, mobile or MobileMoney())
        self.stage, self.book = self.desk.stage, self.desk.book
        self._settings = settings
        self._tokens, self._shapes = Tokens(), answers.Shapes()
        self._gate = Gate(settings, self._tokens)
        self._spoiler = Spoiler(words=answers.WORDS, storm=answers.storm, tokens=self._tokens)
        self._payments = Payments(self.desk, self._gate, self._answer)
        self._till = Till(settings, self.desk, self._tokens, self._spoiler)

    def mount(self, app: FastAPI) -> None:
        """Stand under /ncba, with orders of its own under /control/ncba."""
        app.state.bank = self.desk
        app.include_router(control.routes)
        door = Door(
            self.app(),
            stage=self.stage,
            unavailable=answers.unavailable,
            busy=answers.busy,
        )
        app.mount("/ncba", door)

    def resume(self) -> None:
        """Play on what only a bank has under way: notices, float on its way to M-Pesa."""
        self.desk.resume()

    def app(self) -> FastAPI:
        """The application, without documentation pages: it stands in for somebody else's."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_exception_handler(Refused, answer_refused)
        app.add_exception_handler(404, _no_such_path)
        for path, call in {
            "/Auth/generate-token": self.token,
            "/AccountDetails/accountdetails": self.balance,
            "/AccountStatement/accountstatement": self.statement,
            "/LipaNaMpesaValidation/accountdetails": self.validate,
            "/FloatPurchase/floatpurchase": self.buy_float,
            "/IFTTransaction/ifttransaction": self.transfer,
        }.items():
            app.add_route(f"{_BASE}{path}", call, methods=["POST"])
        self._payments.mount(app, _BASE)
        self._till.add_to(app)
        return app

    async def token(self, request: Request) -> Response:
        """A token, under one of four names and with no life told."""
        self._gate.check_caller(request)
        sent = await orders.body(request)
        pair = {"userID": self._settings.ncba_user_id, "password": self._settings.ncba_password}
        if sent != pair:
            return answers.gateway(401, "Invalid credentials")
        life = self.stage.behaviour.token_lifetime_seconds
        token = self._tokens.issue(PRODUCT, pair["userID"], life)
        fault = self.stage.director.ordered("token") or PAID
        clean = self._shapes.token(token, self.stage.behaviour)
        return self._answer(request, fault.wire, clean)

    async def balance(self, request: Request) -> Response:
        """What an account holds."""
        account = await self._account(request)
        fault = self.stage.director.ordered("account") or PAID
        clean = answers.balance(account, self.book.balances[account])
        return self._answer(request, fault.wire, clean)

    async def statement(self, request: Request) -> Response:
        """The lines of some days; a stale one does not show the last line yet."""
        account = await self._account(request)
        sent = await orders.body(request)
        first, last = orders.day(sent, "fromDate"), orders.day(sent, "toDate")
        lines = [
            line
            for line in self.book.lines
            if line.account == account and first <= answers.local(line).date() <= last
        ]
        fault = self.stage.director.ordered("statement") or PAID
        stale = fault.asks in {Asks.STALE, Asks.UNSEEN}
        rows = [answers.row(line) for line in (lines[:-1] if stale else lines)]
        clean = self._shapes.statement(rows, self.stage.behaviour)
        return self._answer(request, Wire.CLEAN if stale else fault.wire, clean)

    async def validate(self, request: Request) -> Response:
        """Whose pay bill or till it is."""
        self._gate.check(request)
        sent = await orders.body(request)
        short_code = str(sent.get("identifier"))
        return answers.owner(short_code, self.desk.mobile.owner(short_code))

    async def buy_float(self, request: Request) -> Response:
        """000 means accepted: the account is debited at once, M-Pesa credited later."""
        self._gate.check(request)
        order = await orders.float_purchase(request)
        fault = self._fault(request, order, of_number(order.phone))
        refusal = self._refusal(order, fault)
        if refusal:
            return self._answer(request, fault.wire, refusal)
        payment = self.desk.payment(order, fault)
        await self.stage.accept(payment, fault)
        return self._answer(request, fault.wire, answers.float_taken(payment))

    async def transfer(self, request: Request) -> Response:
        """000 means done."""
        self._gate.check(request)
        order = await orders.transfer(request)
        fault = self._fault(request, order, PAID)
        refusal = self._refusal(order, fault)
        if refusal:
            return self._answer(request, fault.wire, refusal)
        payment = self.desk.payment(order, fault)
        self.book.accept(payment, rings=False)
        taken = (order.amount_minor, "KES")
        self.book.end(payment, Outcome.PAID, taken=taken, receipt=payment.key)
        return self._answer(request, fault.wire, answers.transferred(payment))

    def _fault(self, request: Request, order: Order, own: Fault) -> Fault:
        operation: Operation = "float" if order.rail == "float" else "transfer"
        fault = self.stage.director.collect(order.reference, own, operation=operation)
        note(request, fault=fault.name, reference=order.reference)
        return fault

    def _refusal(self, order: Order, fault: Fault) -> Response | None:
        """Why the core does not carry the order; None when it does."""
        why = self._why_not(order, fault)
        return answers.refusal(why, order.reference, rail=order.rail) if why else None

    def _why_not(self, order: Order, fault: Fault) -> str | None:
        within = order.rail == "transfer"
        if not fault.acts or (within and fault.outcome is not Outcome.PAID):
            return "refused"
        if not {order.account, *([order.to] if within else [])} <= self.book.balances.keys():
            return "account"
        if not within and self.desk.mobile.owner(order.to) is None:
            return "short_code"
        if self.stage.behaviour.refuses_repeats and self.book.knows(order.reference):
            return "repeat"
        return "funds" if self.book.balances[order.account] < order.amount_minor else None

    async def _account(self, request: Request) -> str:
        self._gate.check(request)
        account = str((await orders.body(request)).get("accountNo"))
        if account not in self.book.balances:
            raise Refused(answers.refusal("account", "", rail="account"))
        return account

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self.stage.behaviour)


async def _no_such_path(_request: Request, _error: Exception) -> Response:
    return answers.not_found()
