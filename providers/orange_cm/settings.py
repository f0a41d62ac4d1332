"""Settings of an Orange Money Cameroon channel: ORANGE_CM_… in the environment."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from providers.asking import AskingSettings
from providers.environment import BaseUrl


class OrangeCmSettings(AskingSettings):
    """One channel: a merchant's number, its PIN and the application that speaks for it."""

    model_config = SettingsConfigDict(env_prefix="ORANGE_CM_")

    base_url: BaseUrl = "https://api-s1.orange.cm"
    consumer_key: str = Field(min_length=1)
    consumer_secret: SecretStr
    api_username: str = Field(min_length=1)
    api_password: SecretStr
    #: The merchant's number, nine digits, and its PIN. A wrong PIN may lock the channel.
    channel: str = Field(pattern=r"^6[0-9]{8}$")
    pin: SecretStr = Field(min_length=4, max_length=4)
    #: Whether money may leave the channel by cash-in: a right Orange gives apart.
    pays_out: bool = True
    #: Whole francs per payment. Orange publishes no figure: the contract with Orange says.
    minimum: int = 1
    maximum: int = 1_000_000
    #: Seconds; see Terms.
    patience: float = 20.0
    ask_every: tuple[float, ...] = (15.0, 30.0, 60.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
    settle_time: float = 60.0
    prompt_lifetime: float = 600.0
