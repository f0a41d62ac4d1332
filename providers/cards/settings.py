"""Settings of a merchant at Mastercard Gateway: CARDS_… in the environment."""

from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from providers.asking import AskingSettings
from providers.environment import BaseUrl, Currency, SecureUrl


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
    currency: Currency = "KES"
    #: Where payers land whose shop names no https address.
    return_url: SecureUrl = "https://www.mastercard.com"
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

    @property
    def path(self) -> str:
        """Where the merchant's calls stand under the base address."""
        return f"/api/rest/version/{self.api_version}/merchant/{self.merchant_id}"

    def page(self, session: str) -> str:
        """Where the payer of that session pays."""
        return f"{self.base_url}/checkout/pay/{session}"
