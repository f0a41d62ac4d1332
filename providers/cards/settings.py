"""Settings of a merchant at Mastercard Gateway: CARDS_… in the environment."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from models.money import EXPONENTS
from providers.asking import AskingSettings
from providers.environment import BaseUrl


def is_secure(url: str | None) -> bool:
    """Whether the gateway takes the address: https only."""
    return url is not None and urlsplit(url).scheme == "https"


def _secure(url: str) -> str:
    if not is_secure(url):
        raise ValueError("must be https")
    return url


class CardsSettings(AskingSettings):
    """One merchant at one acquirer, whose host and version its integration pack names."""

    model_config = SettingsConfigDict(env_prefix="CARDS_")

    base_url: BaseUrl = "https://test-gateway.mastercard.com"
    #: Before 63 a checkout is begun in another way.
    api_version: int = Field(default=100, ge=63, le=999)
    #: Of a test merchant it begins with TEST.
    merchant_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")
    api_password: SecretStr
    #: Proves notifications, as set in the merchant's administration; empty: all refused.
    notification_secret: SecretStr = SecretStr("")
    #: Shown on the page; empty: the merchant's id.
    merchant_name: Annotated[str, Field(max_length=40)] = ""
    country: str = Field(default="KE", pattern=r"^[A-Z]{2}$")
    currency: str = "KES"
    #: Where payers land whose shop names no https address.
    return_url: Annotated[str, AfterValidator(_secure)] = "https://www.mastercard.com"
    #: Minor units per collection. The contract with the acquirer says.
    minimum: int = 100
    maximum: int = 100_000_000
    #: Seconds a page lives, and seconds after which nothing begun on it can still end.
    page_seconds: int = Field(default=1_800, ge=60, le=86_400)
    late_seconds: int = Field(default=300, ge=0, le=3_600)
    #: Seconds; see Terms. The end of a page is told to nobody: the eighth question comes after it.
    patience: float = 20.0
    ask_every: tuple[float, ...] = (15.0, 30.0, 60.0, 60.0, 120.0, 300.0, 600.0, 920.0, 1800.0)
    settle_time: float = 60.0
    prompt_lifetime: float = 2_400.0

    @field_validator("currency")
    @classmethod
    def _a_known_currency(cls, name: str) -> str:
        if name not in EXPONENTS:
            raise ValueError(f"must be one of {', '.join(EXPONENTS)}")
        return name

    @property
    def path(self) -> str:
        """Where the merchant's calls stand under the base address."""
        return f"/api/rest/version/{self.api_version}/merchant/{self.merchant_id}"

    def page(self, session: str) -> str:
        """Where the payer of that session pays."""
        return f"{self.base_url}/checkout/pay/{session}"
