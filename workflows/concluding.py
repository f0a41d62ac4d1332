"""The step that ends a leg ends its open questions too: by evidence, or by two people."""

import dataclasses

from models.reading import Source
from workflows.leg import Ears
from workflows.saga import Change


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
