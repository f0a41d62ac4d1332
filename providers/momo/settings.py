"""Settings of MTN MoMo collections: MOMO_… in the environment."""

from typing import Annotated

from pydantic import Field, SecretStr
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


class MomoSettings(AskingSettings):
    """One collection product of one country. Disbursements need their own keys."""

    model_config = SettingsConfigDict(env_prefix="MOMO_")

    base_url: BaseUrl = "https://sandbox.momodeveloper.mtn.com"
    subscription_key: SecretStr
    api_user: str = Field(min_length=1)
    api_key: SecretStr
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
