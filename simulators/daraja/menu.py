"""C2B: where payments by the menu are told, and how each one goes."""

import json
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response

from simulators import codes
from simulators.book import Payment
from simulators.daraja import answers, counter, notices
from simulators.daraja.book import DarajaBook
from simulators.daraja.instructions import Collection, now
from simulators.daraja.organisations import Movement, Organisation
from simulators.daraja.push import takes_callback
from simulators.door import Refused, note
from simulators.faults import PAID, Calls, Fault, Outcome, Wire
from simulators.scripts import End, Tell, Wait, script
from simulators.spoiler import Spoiler
from simulators.stage import Callback, Stage
from simulators.tokens import Tokens

_ACCEPTED = "0"
_UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paying:
    """What a customer types and who they are."""

    short_code: str
    payer: str
    amount_minor: int
    bill_ref: str
    names: tuple[str, str, str]
    kind: str


class Menu:
    """Pay bill payments of every short code."""

    def __init__(self, *, stage: Stage, book: DarajaBook, tokens: Tokens, spoiler: Spoiler) -> None:
        self._stage = stage
        self._book = book
        self._tokens = tokens
        self._spoiler = spoiler

    def add_to(self, app: FastAPI) -> None:
        """The routes: both versions of the registration."""
        for version in ("v1", "v2"):
            app.add_route(f"/mpesa/c2b/{version}/registerurl", self.register, methods=["POST"])

    async def register(self, request: Request) -> Response:
        """Remember the two addresses; in production, once and for all."""
        app = counter.caller(request, self._tokens)
        sent = await counter.body(request)
        organisation = counter.owned(self._book, sent.get("ShortCode"), app)
        note(request, reference=organisation.short_code)
        for name in ("ConfirmationURL", "ValidationURL"):
            _check_address(name, sent.get(name), organisation)
        if sent.get("ResponseType") not in {"Completed", "Cancelled"}:
            raise Refused(answers.invalid("ResponseType"))
        fault = self._stage.director.ordered("c2b") or PAID
        if not fault.acts:
            return self._answer(request, fault.wire, Response(status_code=500))
        if organisation.production and organisation.confirmation_url:
            return answers.registered_before()
        self._book.change(
            organisation.short_code,
            confirmation_url=sent["ConfirmationURL"],
            validation_url=sent["ValidationURL"],
            response_type=sent["ResponseType"],
        )
        originator = f"{codes.digits(4)}-{codes.digits(8)}-1"
        return self._answer(request, fault.wire, answers.registered(originator))

    async def pay(self, paying: Paying, own: Fault) -> Collection:
        """A customer pays; what follows plays on. Raises KeyError for an unknown short code."""
        organisation = self._book.organisations[paying.short_code]
        fault = self._stage.director.collect(paying.payer, own, operation="c2b")
        collection = Collection(
            key=codes.receipt(),
            short_code=organisation.short_code,
            payer=paying.payer,
            amount_minor=paying.amount_minor,
            bill_ref=paying.bill_ref,
            names=paying.names,
            kind=paying.kind,
            fault=fault.name,
            calls=fault.calls,
            at=now(),
        )
        self._book.offer(collection)
        if collection.calls == Calls.BEFORE_ANSWER:
            await self._play(collection, fault)
        else:
            self._stage.spawn(self._play(collection, fault))
        return collection

    def resume(self) -> None:
        """Play on what was under way when the simulator stopped."""
        for collection in self._book.offered():
            self._stage.spawn(self._play(collection, self._stage.find(collection.fault)))

    def pushed(self, payment: Payment) -> None:
        """Money of an STK push: confirmed like any other where the short code wants it so."""
        organisation = self._book.organisations.get(payment.echo.get("BusinessShortCode", ""))
        if organisation and organisation.tells_stk and organisation.confirmation_url:
            body = notices.of_push(payment, organisation)
            self._stage.spawn(self._confirm(organisation, body))

    async def _play(self, collection: Collection, fault: Fault) -> None:
        for step in script(fault, Calls(collection.calls)):
            match step:
                case Wait(delay):
                    await self._stage.pause(delay)
                case End(outcome):
                    await self._end(collection, outcome or fault.outcome)
                case Tell(claim):
                    await self._tell(collection, claim)
        self._book.finish(collection.key)

    async def _end(self, collection: Collection, outcome: Outcome) -> None:
        """Money moves, once, if the customer pays and we are not told to turn it away."""
        if collection.state in {"completed", "reversed"}:
            return
        organisation = self._book.organisations[collection.short_code]
        if outcome is not Outcome.PAID:
            self._book.settle(collection.key, {"state": "cancelled", "validation": "not asked"})
            return
        word, third_party = await self._validated(organisation, collection)
        completed = word in {_ACCEPTED, "not asked"} or (
            word == _UNANSWERED and organisation.response_type == "Completed"
        )
        balance = organisation.balances["working"] + collection.amount_minor
        ending = {
            "state": "completed" if completed else "cancelled",
            "validation": word,
            "third_party_id": third_party,
            "balance_minor": balance,
        }
        self._book.settle(collection.key, ending, [_credit(collection)] if completed else ())

    async def _validated(
        self, organisation: Organisation, collection: Collection
    ) -> tuple[str, str]:
        """What we answer to the question before the money moves, and our id for it."""
        if not (organisation.validates and organisation.validation_url):
            return "not asked", ""
        await self._stage.director.up.wait()
        body = notices.question(collection)
        seconds = self._stage.behaviour.seconds("validation_seconds")
        status, raw = await self._stage.ask(organisation.validation_url, body, seconds=seconds)
        return _answered(status, raw)

    async def _tell(self, collection: Collection, claim: Outcome | None) -> None:
        """Confirm what was completed; a forged claim confirms what never moved."""
        organisation = self._book.organisations[collection.short_code]
        completed = claim is None and collection.state == "completed"
        if (completed or claim is Outcome.PAID) and organisation.confirmation_url:
            await self._confirm(organisation, notices.confirmation(collection))

    async def _confirm(self, organisation: Organisation, body: dict[str, str]) -> None:
        await self._stage.director.up.wait()
        await self._stage.tell(organisation.confirmation_url, Callback("POST", body))

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self._stage.behaviour)


def _check_address(name: str, url: object, organisation: Organisation) -> None:
    taken = isinstance(url, str) and takes_callback(url)
    if not taken or (organisation.production and not str(url).startswith("https://")):
        raise Refused(answers.invalid(name))


def _answered(status: int, raw: bytes) -> tuple[str, str]:
    try:
        said = json.loads(raw) if status == 200 else None
    except ValueError:
        said = None
    code = str(said.get("ResultCode", "")) if isinstance(said, dict) else ""
    if not isinstance(said, dict) or not (code == _ACCEPTED or code.startswith("C2B")):
        return _UNANSWERED, ""
    return code, str(said.get("ThirdPartyTransID") or "")


def _credit(collection: Collection) -> Movement:
    return Movement(
        short_code=collection.short_code,
        account="working",
        kind="collection",
        amount_minor=collection.amount_minor,
        reference=collection.bill_ref,
        receipt=collection.key,
        party=collection.payer,
        at=now(),
    )
