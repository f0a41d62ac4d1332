"""The calls an initiator makes for a short code: B2C, B2B, status, balance, reversal."""

from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request, Response

from simulators import codes, faults
from simulators.daraja import answers, counter
from simulators.daraja.book import DarajaBook
from simulators.daraja.certificate import Vault
from simulators.daraja.desk import Desk, credential_word
from simulators.daraja.instructions import Instruction, Kind, now
from simulators.daraja.looking import original
from simulators.daraja.oddities import of_payee
from simulators.daraja.organisations import Organisation
from simulators.daraja.push import PHONE
from simulators.daraja.results import local
from simulators.director import Operation
from simulators.door import Refused, note
from simulators.faults import Asks, Calls, Fault, Wire
from simulators.spoiler import Spoiler
from simulators.stage import Stage
from simulators.tokens import Tokens

_PAYOUTS = {"BusinessPayment", "SalaryPayment", "PromotionPayment"}
_TRANSFERS = {
    "BusinessPayBill",
    "BusinessBuyGoods",
    "BusinessPayToBulk",
    "BusinessTransferFromMMFToUtility",
}


_OPERATIONS: dict[Kind, Operation] = {
    Kind.PAYOUT: "payout",
    Kind.TRANSFER: "transfer",
    Kind.REVERSAL: "reversal",
    Kind.BALANCE: "balance",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How one call is filled in; `short_code` names the field that holds the caller's."""

    kind: Kind
    commands: frozenset[str]
    short_code: str
    needed: tuple[str, ...]
    initiator: str = "Initiator"


_FORMS = {
    "/mpesa/b2c/v3/paymentrequest": Form(
        kind=Kind.PAYOUT,
        commands=frozenset(_PAYOUTS),
        short_code="PartyA",
        needed=("OriginatorConversationID", "PartyB", "Remarks"),
        initiator="InitiatorName",
    ),
    "/mpesa/b2b/v1/paymentrequest": Form(
        kind=Kind.TRANSFER,
        commands=frozenset(_TRANSFERS),
        short_code="PartyA",
        needed=("PartyB", "AccountReference", "SenderIdentifierType", "RecieverIdentifierType"),
    ),
    "/mpesa/transactionstatus/v1/query": Form(
        kind=Kind.STATUS,
        commands=frozenset({"TransactionStatusQuery"}),
        short_code="PartyA",
        needed=("IdentifierType", "Remarks"),
    ),
    "/mpesa/accountbalance/v1/query": Form(
        kind=Kind.BALANCE,
        commands=frozenset({"AccountBalance"}),
        short_code="PartyA",
        needed=("IdentifierType", "Remarks"),
    ),
    "/mpesa/reversal/v1/request": Form(
        kind=Kind.REVERSAL,
        commands=frozenset({"TransactionReversal"}),
        short_code="ReceiverParty",
        needed=("TransactionID", "RecieverIdentifierType", "Remarks"),
    ),
}


class Business:
    """Takes instructions in as strictly as Daraja does; the desk carries them out."""

    def __init__(
        self,
        *,
        stage: Stage,
        book: DarajaBook,
        desk: Desk,
        vault: Vault,
        tokens: Tokens,
        spoiler: Spoiler,
    ) -> None:
        self._stage = stage
        self._book = book
        self._desk = desk
        self._vault = vault
        self._tokens = tokens
        self._spoiler = spoiler

    def add_to(self, app: FastAPI) -> None:
        """The routes."""
        for path in _FORMS:
            app.add_route(path, self.take, methods=["POST"])

    async def take(self, request: Request) -> Response:
        """Take one call in, whichever it is."""
        form = _FORMS[request.url.path.removeprefix(request.scope.get("root_path", ""))]
        app = counter.caller(request, self._tokens)
        sent = await counter.body(request)
        organisation = self._checked(form, sent, app)
        instruction = self._instruction(form, sent, organisation)
        fault, asks, wire = self._met(instruction)
        note(request, fault=fault.name, reference=instruction.originator)
        if not fault.acts:
            return self._answer(request, fault.wire, Response(status_code=500))
        self._refuse_repeats(instruction)
        instruction.fault, instruction.calls, instruction.asks = fault.name, fault.calls, asks
        instruction.initiator = self._initiator(form, sent, organisation)
        await self._desk.accept(instruction, fault)
        return self._answer(request, wire, answers.queued(instruction.key, instruction.originator))

    def _checked(self, form: Form, sent: dict[str, Any], app: str) -> Organisation:
        counter.check(sent, form.initiator, "SecurityCredential", *form.needed)
        if sent.get("CommandID") not in form.commands:
            raise Refused(answers.invalid("CommandID"))
        if form.kind is Kind.PAYOUT and not PHONE.fullmatch(str(sent["PartyB"])):
            raise Refused(answers.invalid("PartyB"))
        if form.kind is Kind.STATUS and not _names_one(sent):
            raise Refused(answers.invalid("TransactionID"))
        return counter.owned(self._book, sent.get(form.short_code), app)

    def _instruction(
        self, form: Form, sent: dict[str, Any], organisation: Organisation
    ) -> Instruction:
        at = now()
        amount = counter.amount(sent) if form.kind.moves_money else 0
        minted = f"{codes.digits(5)}-{codes.digits(8)}-1"
        return Instruction(
            key=f"AG_{local(at):%Y%m%d}_{codes.digits(20)}",
            kind=form.kind,
            short_code=organisation.short_code,
            originator=str(sent.get("OriginatorConversationID") or minted),
            body=sent,
            amount_minor=amount,
            fault=faults.PAID.name,
            calls=Calls.ONCE,
            initiator="right",
            at=at,
        )

    def _met(self, instruction: Instruction) -> tuple[Fault, Asks, Wire]:
        """The fault a call meets, what a question is shown, and how the call is answered."""
        if instruction.kind is Kind.STATUS:
            return self._asked(instruction)
        payee = of_payee(instruction.party) if instruction.kind is Kind.PAYOUT else faults.PAID
        operation = _OPERATIONS[instruction.kind]
        fault = self._stage.director.collect(instruction.originator, payee, operation=operation)
        return fault, Asks.TRUE, fault.wire

    def _asked(self, question: Instruction) -> tuple[Fault, Asks, Wire]:
        """A question meets what was ordered for it, else what its transaction's fault says."""
        ordered = self._stage.director.ordered("status")
        if ordered:
            return ordered, ordered.asks, _wire(ordered)
        about = original(self._book, question)
        if about is None:
            return faults.PAID, Asks.TRUE, Wire.CLEAN
        about.asked += 1
        fault = self._stage.find(about.fault)
        if about.asked > self._stage.misled(fault.asks):
            return faults.PAID, Asks.TRUE, Wire.CLEAN
        return faults.PAID, fault.asks, _wire(fault)

    def _refuse_repeats(self, instruction: Instruction) -> None:
        taken = self._book.payout(instruction.short_code, instruction.originator)
        if instruction.kind is Kind.PAYOUT and taken:
            raise Refused(answers.duplicate())

    def _initiator(self, form: Form, sent: dict[str, Any], organisation: Organisation) -> str:
        """What becomes of the credential; wrong ones in a row are counted."""
        password = self._vault.opened(sent["SecurityCredential"])
        word = credential_word(organisation, sent[form.initiator], password)
        tries = {"wrong": organisation.wrong_tries + 1, "right": 0}.get(word)
        if tries is not None and tries != organisation.wrong_tries:
            self._book.change(organisation.short_code, wrong_tries=tries)
        return word

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self._stage.behaviour)


def _wire(fault: Fault) -> Wire:
    """What is shown old or not at all is shown on a clean wire."""
    return Wire.CLEAN if fault.asks in {Asks.STALE, Asks.UNSEEN} else fault.wire


def _names_one(sent: dict[str, Any]) -> bool:
    return bool(sent.get("TransactionID") or sent.get("OriginalConversationID"))
