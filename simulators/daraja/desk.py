"""Carries out instructions and posts their results, through restarts."""

from simulators.daraja import results
from simulators.daraja.book import DarajaBook
from simulators.daraja.execution import CODES, DONE, Done, carry_out
from simulators.daraja.instructions import Instruction, Kind, now
from simulators.daraja.looking import NOT_FOUND, look
from simulators.daraja.oddities import Oddity, shape_of
from simulators.daraja.organisations import Organisation
from simulators.faults import Calls, Fault, Outcome
from simulators.scripts import End, Step, Tell, Wait, script
from simulators.stage import Callback, Stage, taken


class Desk:
    """Plays the instructions of every short code to their end."""

    def __init__(self, stage: Stage, book: DarajaBook) -> None:
        self._stage = stage
        self._book = book

    async def accept(self, instruction: Instruction, fault: Fault) -> None:
        """Book it and let it play; a result before the answer is awaited here."""
        if instruction.kind.moves_money:
            ordered = self._stage.director.ordered("callback")
            instruction.calls = ordered.calls if ordered else instruction.calls
        self._book.instruct(instruction)
        if instruction.calls == Calls.BEFORE_ANSWER:
            await self._play(instruction, fault)
        else:
            self._stage.spawn(self._play(instruction, fault))
        await self._stage.dawdle()

    def resume(self) -> None:
        """Play on what was under way when the simulator stopped."""
        for instruction in self._book.under_way():
            fault = self._stage.find(instruction.fault)
            self._stage.spawn(self._play(instruction, fault))

    async def _play(self, instruction: Instruction, fault: Fault) -> None:
        for step in _steps(instruction, fault):
            match step:
                case Wait(delay):
                    await self._stage.pause(delay)
                case End(outcome):
                    self._end(instruction, fault, outcome or fault.outcome)
                case Tell(claim):
                    await self._tell(instruction, fault, claim)
        self._book.finish(instruction.key)

    def _end(self, instruction: Instruction, fault: Fault, outcome: Outcome) -> None:
        """Carry it out; what moved before a restart does not move again."""
        if instruction.done:
            return
        minor, _ = taken(instruction.amount_minor, "KES", fault.takes)
        done = self._done(instruction, minor, outcome)
        ending = {
            "code": done.code,
            "receipt": done.receipt,
            "taken_minor": minor if done.receipt else 0,
            "ended_at": now(),
        }
        self._book.conclude(instruction.key, ending, done.moves, turned_back=done.turned_back)

    def _done(self, instruction: Instruction, minor: int, outcome: Outcome) -> Done:
        if outcome is not Outcome.PAID:
            return Done(code=CODES.get(outcome, "17"))
        done = carry_out(self._book, instruction, minor)
        unknown = instruction.kind is Kind.STATUS and look(self._book, instruction) is None
        return Done(code=NOT_FOUND) if unknown and done.code == DONE else done

    async def _tell(self, instruction: Instruction, fault: Fault, claim: Outcome | None) -> None:
        """Post a result; the claim NEVER posts the request back to the queue's time-out."""
        await self._stage.director.up.wait()
        if claim is Outcome.NEVER:
            url, body = instruction.body["QueueTimeOutURL"], instruction.body
        else:
            code = instruction.code if claim is None else CODES.get(claim, "17")
            told = self._parameters(instruction, claim)
            url = instruction.body["ResultURL"]
            body = results.envelope(instruction, code or "17", told, shape_of(fault))
        await self._stage.tell(str(url), Callback("POST", body))

    def _parameters(
        self, instruction: Instruction, claim: Outcome | None
    ) -> results.Parameters | None:
        if claim not in {None, Outcome.PAID}:
            return None
        if instruction.kind is Kind.STATUS:
            return look(self._book, instruction) if instruction.done else None
        return results.parameters(self._book, instruction, forged=claim is Outcome.PAID)


def credential_word(organisation: Organisation, name: str, password: str | None) -> str:
    """What becomes of an initiator and the password in its credential: right, wrong, locked."""
    if organisation.locked:
        return "locked"
    right = (organisation.initiator, organisation.initiator_password)
    return "right" if (name, password) == right else "wrong"


def _steps(instruction: Instruction, fault: Fault) -> tuple[Step, ...]:
    steps = script(fault, Calls(instruction.calls))
    if isinstance(fault, Oddity) and fault.timeout_first:
        return (Tell(Outcome.NEVER), Wait("callback_gap_seconds"), *steps)
    return steps
