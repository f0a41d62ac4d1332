"""Float that is paid for and not where payouts leave from: two people say how it stands outside."""

import dataclasses

from temporalio import workflow

from models.float_decisions import FloatDecision, FloatWord
from models.float_order import FLOAT
from models.float_proof import Where
from models.float_purchase import FloatState
from models.ids import EVIDENCE, shown
from models.lifecycle import AttemptState
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.vault_postings import FloatTakenBack
from workflows.concluding import signed
from workflows.float_landing import Landing
from workflows.float_run import FloatRun
from workflows.float_transfers import refusal
from workflows.saga import Change


class Review:
    """The stages in working and not seen."""

    def __init__(self, run: FloatRun, landing: Landing) -> None:
        self._run = run
        self._landing = landing

    async def wait(self) -> None:
        """Until two people decide; what is heard meanwhile is kept for them."""
        word = await self._run.word()
        if word is None:
            return
        try:
            await self._carry_out(word)
        finally:
            self._run.decisions.remove(word)

    async def _carry_out(self, word: FloatDecision) -> None:
        run = self._run
        if word.word is FloatWord.NOT_BOUGHT:
            await self._taken_back(word)
        elif word.word is FloatWord.MOVE:
            await run.saga.write(signed(Change(to=FloatState.CREDITED, needs_review=False), word))
        elif word.word is FloatWord.SEEN_IN_WORKING:
            seen = self._shown(word, Where.WORKING)
            await run.saga.write(dataclasses.replace(seen, to=FloatState.CREDITED))
        else:
            available = (await run.facts()).available
            await self._landing.settled(self._shown(word, Where.UTILITY), available)

    def _shown(self, word: FloatDecision, where: Where) -> Change:
        report = _said(word, self._run.order.saga.id, Verdict.SETTLED)
        change = Change(shows={"landed": where}, evidence=(report,), needs_review=False)
        return signed(change, word)

    async def _taken_back(self, word: FloatDecision) -> None:
        """Nothing was bought and the bank gave the money back: as if it had refused the order."""
        run, order = self._run, self._run.order
        facts = await run.facts()
        told = dataclasses.replace(run.instruct(FLOAT, facts), state=AttemptState.FAILED)
        posting = FloatTakenBack(
            purchase_id=order.saga.id,
            amount=order.amount,
            charges=order.charges,
            pool=order.pool,
            short_code=order.short_code,
            transferred=facts.transferred,
            order=told.number,
        )
        report = _said(word, told.id, Verdict.REFUSED)
        change = dataclasses.replace(
            refusal(told, report, transferred=facts.transferred),
            posting=posting,
            shows={"landed": None, "proven_by": None},
            needs_review=facts.transferred,
        )
        await run.saga.write(signed(change, word))


def _said(word: FloatDecision, about: str, verdict: Verdict) -> ProviderReport:
    """The word as evidence, with where it can be looked up."""
    return ProviderReport(
        attempt_id=about,
        source=Source.OPERATOR,
        reading=Reading(verdict=verdict, reason=Reason.OPERATOR, provider_message=word.evidence),
        evidence_id=shown(EVIDENCE, workflow.uuid4()),
    )
