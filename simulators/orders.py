"""What the control API is told."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from simulators.director import Down, Operation


class Order(BaseModel):
    """An unknown field is an error: a misspelt order must not pass for one."""

    model_config = ConfigDict(extra="forbid")


class FaultOrder(Order):
    """Queue `fault` for the next `times` calls, or roll dice: `seed`, `rate`, `faults`."""

    operation: Operation = "collect"
    fault: str | None = None
    times: int = Field(default=1, ge=1, le=10_000)
    seed: int | None = None
    rate: float = Field(default=0, ge=0, le=1)
    faults: list[str] = Field(default_factory=list)


class DownOrder(Order):
    """`how`: 503, busy (refused before acting) or closed (no answer at all)."""

    down: bool
    how: Down = "503"


class CallbackOrder(Order):
    """Any callback to any address: what a stranger might send."""

    url: str
    body: dict[str, Any]
    method: Literal["POST", "PUT"] = "POST"


class WebhookOrder(Order):
    """The address entered at a provider that takes one for everything."""

    url: str


class AccountOrder(Order):
    """What changes about the account at an SMS gateway; None leaves it."""

    gateway: str
    units: int | None = Field(default=None, ge=0)
    senders: list[str] | None = None
    report_url: str | None = None


class Secrets(Order):
    """Webhook secrets of one inbox, all of which verify."""

    inbox: str = "demo"
    secrets: list[str]


class AnswerOrder(Order):
    """How the merchant answers its next deliveries."""

    status: int = Field(default=204, ge=200, le=599)
    seconds: float = Field(default=0, ge=0, le=120)
    times: int = Field(default=1, ge=1, le=10_000)
