"""Settings of an Orange Web Payment merchant: ORANGE_… in the environment."""

from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from providers.asking import AskingSettings
from providers.environment import BaseUrl, Currency

#: Orange's fictional unit: the only one its sandbox takes.
PLAY_MONEY = "OUV"
#: Characters of an address Orange takes.
LONGEST_URL = 120


class OrangeSettings(AskingSettings):
    """One merchant in one country. Keys of the sandbox and of production do not mix."""

    model_config = SettingsConfigDict(env_prefix="ORANGE_")

    base_url: BaseUrl = "https://api.orange.com"
    client_id: str = Field(min_length=1)
    client_secret: SecretStr
    merchant_key: SecretStr
    #: Calls go to `/dev/` and carry play money; what we write down stays in `currency`.
    sandbox: bool = False
    country: str = Field(default="CM", pattern=r"^[A-Z]{2}$")
    currency: Currency = "XAF"
    #: Shown on the page: the shop's name.
    shop: Annotated[str, Field(max_length=30)] = ""
    language: str = Field(default="fr", pattern=r"^[a-z]{2}$")
    #: Where payers land whose merchant names no address that fits.
    return_url: str = Field(default="https://www.orange.com", max_length=LONGEST_URL)
    #: Whole units per collection. Orange publishes no figure: the contract with Orange says.
    minimum: int = 1
    maximum: int = 1_000_000
    #: Seconds; see Terms. A page lives about ten minutes and its end is told to nobody: a question
    #: comes right after it, one when that is believed, and one right after the prompt's life.
    patience: float = 20.0
    ask_every: tuple[float, ...] = (
        15.0, 30.0, 60.0, 60.0, 120.0, 150.0, 150.0, 150.0, 160.0, 600.0, 1800.0,
    )  # fmt: skip
    settle_time: float = 60.0
    prompt_lifetime: float = 900.0

    @property
    def path(self) -> str:
        """Where Web Payment stands under the base address."""
        place = "dev" if self.sandbox else self.country.lower()
        return f"/orange-money-webpay/{place}/v1"

    @property
    def wire_currency(self) -> str:
        """What `currency` is called on the wire."""
        return PLAY_MONEY if self.sandbox else self.currency
