"""What carries one instruction is given: how to send and ask, and what was heard."""

import dataclasses
from collections.abc import Callable

from temporalio.workflow import ActivityHandle

from models.charge import Terms
from models.checkout import OperatorResolution
from models.late import contradicts
from models.lifecycle import AttemptState
from models.reading import ProviderReport
from models.saga import Instruct

Call = ActivityHandle[ProviderReport]


class Ears:
    """What a workflow has heard and not weighed yet, and whether an operator wants to ask.

    `resolution`: the last word of two people, for the step that ends what they decided.
    `contradictions`: final words that differ from how an earlier instruction ended.
    """

    def __init__(self) -> None:
        self.heard: list[ProviderReport] = []
        self.contradictions: list[ProviderReport] = []
        self.resolution: OperatorResolution | None = None
        self.ask_now = False
        self.asked = 0

    def compare(self, report: ProviderReport, ended: AttemptState | None) -> None:
        """Keep in mind what differs from how its instruction `ended`."""
        if ended is not None and ended.final and contradicts(ended, report):
            self.contradictions.append(report)


def in_the_books(_absent: ProviderReport) -> bool:
    """A lender's books are read back themselves: what is not in them is not there, whoever has it.

    What is told again carries the same key, which they take once.
    """
    return True


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How one instruction is carried out.

    `sending`, `unknown`: the saga's states meanwhile. `send` starts the one call, numbered by
    sending; `ask` starts a question, whose answer may come back at once or by a callback.
    `confirms`: an unsigned final word is asked about, and not believed.
    `convinces`: whether a final word is enough by itself; asked once for each. One that is not
    is kept as evidence. `asks_people`: reports that end the leg undecided, for only people can
    judge them. `barred`: true where even what never left may not be sent again.
    `answers_later`: "pending" from a question means that the question was taken, and no more.
    `queues`: where the provider takes no more calls a second, it waits as long as its horizon.
    `absent_after_all`: whether a proven absence counts although they said that they have it.
    """

    instruct: Instruct
    terms: Terms
    sending: str
    unknown: str
    send: Callable[[int], Call]
    ask: Callable[[], Call]
    confirms: bool = False
    asks_people: Callable[[ProviderReport], bool] = lambda _report: False
    barred: Callable[[], bool] = lambda: False
    convinces: Callable[[ProviderReport], bool] = lambda _report: True
    answers_later: bool = False
    queues: bool = False
    absent_after_all: Callable[[ProviderReport], bool] = lambda _absent: False
