"""Wallet top-ups on the wire."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictInt, StringConstraints

from api.schemas.common import Inbound, Outbound
from api.schemas.sagas import SagaView

BY_BANK: dict[str, Any] = {"amount": 5_000_000, "currency": "KES", "via": "bank"}
BY_PHONE: dict[str, Any] = {
    "amount": 500_000,
    "currency": "KES",
    "via": "mobile_money",
    "phone": "+254712000001",
}


class CreateTopUp(Inbound):
    """Money on its way to the wallet. By bank it is announced; by phone it is asked for now."""

    model_config = ConfigDict(json_schema_extra={"examples": [BY_BANK, BY_PHONE]})

    amount: Annotated[StrictInt, Field(gt=0, le=10**15, description="Minor units.")]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "KES"
    via: Literal["bank", "mobile_money"]
    phone: Annotated[str | None, StringConstraints(min_length=5, max_length=24)] = None
    expires_in: Annotated[StrictInt, Field(ge=3_600, le=30 * 86_400)] = 7 * 86_400


class TopUp(SagaView):
    """A top-up. By bank: `instructions` say where to pay and what to write."""

    object: Literal["wallet_topup"]


class TopUpList(Outbound):
    """A page of top-ups."""

    object: Literal["list"]
    data: list[TopUp]
    has_more: bool
    next_cursor: str | None
