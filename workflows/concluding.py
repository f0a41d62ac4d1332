"""The step that ends a leg ends its open questions too: by evidence, or by two people."""

import dataclasses
from typing import Protocol

from models.reading import Source
from workflows.leg_plan import Ears
from workflows.saga import Change


class Decision(Protocol):
    """What two people decided."""

    @property
    def word(self) -> str:
        """The decision."""
        ...

    @property
    def actor(self) -> str:
        """Who decided."""
        ...

    @property
    def approver(self) -> str:
        """Who agreed."""
        ...

    @property
    def reason(self) -> str:
        """Why."""
        ...


def signed(change: Change, decision: Decision) -> Change:
    """The step with the names of those who decided it; their word closes the saga's cases."""
    return dataclasses.replace(
        change,
        closes=str(decision.word),
        actor=decision.actor,
        approver=decision.approver,
        reason=decision.reason,
    )


def concluded(ears: Ears, change: Change) -> Change:
    """The change with who decided, and the word that closes the saga's cases."""
    word = ears.resolution
    by_people = any(one.source is Source.OPERATOR for one in change.evidence)
    calm = dataclasses.replace(change, needs_review=False, closes="evidence")
    if word is None or not by_people:
        return calm
    return dataclasses.replace(
        calm, closes=word.outcome, actor=word.actor, approver=word.approver, reason=word.reason
    )
