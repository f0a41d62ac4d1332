"""Settings of Camtel: CAMTEL_… in the environment."""

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from providers.asking import AskingSettings
from providers.environment import BaseUrl


class CamtelSettings(AskingSettings):
    """One merchant, under a contract Camtel has not published."""

    model_config = SettingsConfigDict(env_prefix="CAMTEL_")

    #: Camtel has no public API: what is built here is our own proposal. Off, nothing starts.
    experimental: bool = False
    base_url: BaseUrl
    client_id: str = Field(min_length=1)
    client_secret: SecretStr
    #: Proves callbacks; without one every callback is refused.
    callback_secret: SecretStr = SecretStr("")
    #: Whole francs per payment.
    minimum: int = 1
    maximum: int = 1_000_000
    #: Seconds; see Terms.
    patience: float = 20.0
    ask_every: tuple[float, ...] = (15.0, 30.0, 60.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
    settle_time: float = 60.0
    prompt_lifetime: float = 600.0

    @model_validator(mode="after")
    def _switched_on(self) -> "CamtelSettings":
        if not self.experimental:
            raise ValueError(
                "Camtel has published no contract; CAMTEL_EXPERIMENTAL=true switches our "
                "proposal on, against the simulator"
            )
        return self
