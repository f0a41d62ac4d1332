"""Settings of providers that are asked about a payment until it has ended."""

from pydantic import Field

from models.charge import Terms
from providers.environment import ProviderSettings


class AskingSettings(ProviderSettings):
    """Seconds; see Terms. Each provider gives its own defaults.

    `calls_per_second`: what the provider takes from all workers together; None: not limited.
    """

    call_deadline: float = Field(default=30.0, gt=0, le=45)
    patience: float
    ask_every: tuple[float, ...]
    settle_time: float
    prompt_lifetime: float
    horizon: float = 86_400.0
    calls_per_second: float | None = Field(default=None, gt=0)

    def terms(self, *, absence_proves: bool) -> Terms:
        """How patient the saga is. `absence_proves`: not found, once settled, is never received."""
        return Terms(
            patience=self.patience,
            ask_every=self.ask_every,
            settle_time=self.settle_time,
            absence_proves=absence_proves,
            horizon=self.horizon,
            prompt_lifetime=self.prompt_lifetime,
        )
