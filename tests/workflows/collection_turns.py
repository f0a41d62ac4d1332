"""Whose turn it is to ask with a pay bill's initiator, for the workflow ring."""

from models.collection_confirmation import ConfirmOrder
from models.receipt_question import Turn
from models.saga import SagaRef


class Turns:
    """Who may ask: as `script` says, then whoever wants to."""

    def __init__(self) -> None:
        self.script: list[Turn] = []
        self.claims: list[ConfirmOrder] = []

    async def claim(self, order: ConfirmOrder) -> Turn:
        self.claims.append(order)
        return self.script.pop(0) if self.script else Turn.ASK

    async def unsent(self, _ref: SagaRef) -> None:
        return None
