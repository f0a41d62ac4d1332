"""Settings of MTN MoMo: MOMO_… in the environment."""

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from providers.asking import AskingSettings
from providers.environment import BaseUrl, Currency, one_of

#: Countries by `X-Target-Environment`; the sandbox plays Cameroon.
COUNTRIES = {
    "sandbox": "CM", "mtncameroon": "CM", "mtnuganda": "UG", "mtnghana": "GH",
    "mtnivorycoast": "CI", "mtnzambia": "ZM", "mtnbenin": "BJ", "mtncongo": "CG",
    "mtnswaziland": "SZ", "mtnguineaconakry": "GN", "mtnsouthafrica": "ZA",
    "mtnliberia": "LR", "mtnsouthsudan": "SS", "mtnnigeria": "NG", "mtnrwanda": "RW",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What one product of MTN knows us by. Its tokens open no other product."""

    name: str
    subscription_key: str = field(repr=False)
    api_user: str
    api_key: str = field(repr=False)


class MomoSettings(AskingSettings):
    """The collection product of one country, and the disbursement product where it is bought."""

    model_config = SettingsConfigDict(env_prefix="MOMO_")

    base_url: BaseUrl = "https://sandbox.momodeveloper.mtn.com"
    subscription_key: SecretStr
    api_user: str = Field(min_length=1)
    api_key: SecretStr
    #: Payouts, refunds and balance: a product with keys of its own; all three, or none.
    disbursement_subscription_key: SecretStr = SecretStr("")
    disbursement_api_user: str = ""
    disbursement_api_key: SecretStr = SecretStr("")
    target_environment: Annotated[str, one_of(COUNTRIES)] = "sandbox"
    #: The wallet's currency; MTN's own sandbox takes EUR only.
    currency: Currency = "XAF"
    #: Minor units per collection. MTN publishes no figure: the contract with MTN says.
    minimum: int = 1
    maximum: int = 1_000_000
    #: The payer has about five minutes to approve.
    patience: float = 20.0
    ask_every: tuple[float, ...] = (15.0, 30.0, 60.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
    settle_time: float = 60.0
    prompt_lifetime: float = 600.0

    @model_validator(mode="after")
    def _a_whole_product_or_none(self) -> "MomoSettings":
        keys = self.disbursement_subscription_key, self.disbursement_api_key
        given = {bool(self.disbursement_api_user), *(bool(k.get_secret_value()) for k in keys)}
        if len(given) > 1:
            raise ValueError("disbursements need subscription key, API user and API key: all three")
        return self

    @property
    def collection(self) -> Product:
        """The product payers pay through."""
        return Product(
            name="collection",
            subscription_key=self.subscription_key.get_secret_value(),
            api_user=self.api_user,
            api_key=self.api_key.get_secret_value(),
        )

    @property
    def disbursement(self) -> Product | None:
        """The product money leaves through; None where it is not bought."""
        if not self.disbursement_api_user:
            return None
        return Product(
            name="disbursement",
            subscription_key=self.disbursement_subscription_key.get_secret_value(),
            api_user=self.disbursement_api_user,
            api_key=self.disbursement_api_key.get_secret_value(),
        )
