"""Settings of a Wave wallet: WAVE_… in the environment."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from models.money import EXPONENTS
from providers.environment import BaseUrl, ProviderSettings


def is_secure(url: str | None) -> bool:
    """Whether Wave takes the address: https only."""
    return url is not None and urlsplit(url).scheme == "https"


def _secure(url: str) -> str:
    if not is_secure(url):
        raise ValueError("must be https")
    return url


class WaveSettings(ProviderSettings):
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
    currency: str = "XOF"
    #: Only of aggregators: for whom is collected.
    aggregated_merchant_id: str = ""
    #: Where payers land whose merchant names no https address.
    return_url: Annotated[str, AfterValidator(_secure)] = "https://www.wave.com"
    #: Minor units per collection. Wave publishes no figure: the contract with Wave says.
    minimum: int = 1
    maximum: int = 2_000_000
    #: Seconds; see Terms. A session lives for half an hour and its end is told to nobody: the
    #: ninth question comes right after it.
    call_deadline: float = Field(default=30.0, gt=0, le=45)
    patience: float = 20.0
    ask_every: tuple[float, ...] = (
        15.0, 30.0, 60.0, 60.0, 120.0, 300.0, 600.0, 620.0, 620.0, 1800.0,
    )  # fmt: skip
    settle_time: float = 60.0
    prompt_lifetime: float = 1_900.0
    horizon: float = 86_400.0

    @field_validator("currency")
    @classmethod
    def _a_known_currency(cls, name: str) -> str:
        if name not in EXPONENTS:
            raise ValueError(f"must be one of {', '.join(EXPONENTS)}")
        return name
