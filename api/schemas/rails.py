"""Wire shapes of maintenance."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.schemas.common import Outbound, Words


class AnnounceMaintenance(BaseModel):
    """From when to when a provider will not answer; without `operation` for all it does."""

    model_config = ConfigDict(extra="forbid")
    starts_at: AwareDatetime = Field(alias="from")
    ends_at: AwareDatetime = Field(alias="to")
    operation: Literal["collect", "payout", "refund"] | None = None
    reason: Words


class Maintenance(Outbound):
    """One window; `reason` is shown to merchants with the rail."""

    id: str
    object: Literal["maintenance"]
    provider: str
    operation: Literal["collect", "payout", "refund"] | None
    from_: datetime = Field(alias="from")
    to: datetime
    reason: str
    actor: str
    canceled_at: datetime | None
