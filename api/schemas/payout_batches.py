"""Batches of payouts on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.schemas.common import Inbound, Outbound
from api.schemas.sagas import SagaView
from models.payout_batch import RowState, RowWord

RowId = Annotated[str, StringConstraints(max_length=40)]


class BatchCount(Outbound):
    """Rows of one state."""

    rows: int
    amount: int = Field(description="Minor units.")


class PayoutBatch(SagaView):
    """A batch. `progress` counts its rows by state, as they stand now."""

    object: Literal["payout_batch"]
    progress: dict[RowState, BatchCount] = Field(default_factory=dict)


class PayoutBatchList(Outbound):
    """A page of batches, without their progress."""

    object: Literal["list"]
    data: list[PayoutBatch]
    has_more: bool
    next_cursor: str | None


class PayoutRow(Outbound):
    """One row of the file. `held_for` and `like_…`: what it looks like, where it is held."""

    id: str
    object: Literal["payout_row"]
    row: int
    status: RowState
    amount: int | None
    currency: str | None
    method: str | None
    payee: str | None
    reference: str | None
    payout: str | None
    held_for: Literal["same_reference", "same_payee"] | None
    like_row: int | None
    like_payout: str | None
    reason: str | None
    created_at: datetime
    updated_at: datetime


class PayoutRowList(Outbound):
    """A page of rows, in the order of the file."""

    object: Literal["list"]
    data: list[PayoutRow]
    has_more: bool
    next_cursor: str | None


class DuplicateDecision(Inbound):
    """What becomes of rows that look like duplicates; of all that are held, where none is named."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "release"}]})

    decision: RowWord
    rows: Annotated[list[RowId] | None, Field(min_length=1, max_length=1_000)] = None
