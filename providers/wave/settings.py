"""Settings of a Wave wallet: WAVE_… in the environment."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from providers.asking import AskingSettings
from providers.environment import BaseUrl, Currency, SecureUrl


class WaveSettings(AskingSettings):
    """One wallet: a key belongs to one, with the scopes it was made with."""

    model_config = SettingsConfigDict(env_prefix="WAVE_")

    base_url: BaseUrl = "https://api.wave.com"
    api_key: SecretStr
    #: Signs our requests, where the key was made so; empty: they are not signed.
    signing_secret: SecretStr = SecretStr("")
    #: Wave proves its webhooks with it, as chosen when they were registered; empty: all refused.
    webhook_secret: SecretStr = SecretStr("")
    webhook_proof: Literal["signature", "bearer"] = "signature"
    country: str = Field(default="SN", pattern=r"^[A-Z]{2}$")
    #: The wallet's currency.
    currency: Currency = "XOF"
    #: Only of aggregators: for whom is collected.
    aggregated_merchant_id: str = ""
    #: Where payers land whose merchant names no https address.
    return_url: SecureUrl = "https://www.wave.com"
    #: Minor units per collection. Wave publishes no figure: the contract with Wave says.
    minimum: int = 1
    maximum: int = 2_000_000
    #: Seconds; see Terms. A session lives for half an hour and its end is told to nobody: the
    #: ninth question comes right after it.
    patience: float = 20.0
    ask_every: tuple[float, ...] = (
        15.0, 30.0, 60.0, 60.0, 120.0, 300.0, 600.0, 620.0, 620.0, 1800.0,
    )  # fmt: skip
    settle_time: float = 60.0
    prompt_lifetime: float = 1_900.0
