"""A report that comes after its session has ended."""

import dataclasses
from dataclasses import dataclass

from models.charge import Question
from models.fees import FeeRule
from models.reading import ProviderReport

STRAY = "stray-report"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayOrder:
    """The message, whose it is, and how to confirm it. `key` names the message for ever."""

    key: str
    org_id: str
    livemode: bool
    checkout_id: str
    payment_id: str
    attempt_id: str
    report: ProviderReport
    question: Question
    fee: FeeRule = dataclasses.field(default_factory=FeeRule)
    also: ProviderReport | None = None

    def confirmed(self, answer: ProviderReport) -> "StrayOrder":
        """The same order with the provider's own answer in the place of the hint."""
        return dataclasses.replace(self, report=answer, also=self.report)
