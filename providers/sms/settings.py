"""Settings of the SMS gateways: SMS_… for AirTouch, AT_… for Africa's Talking."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from providers.environment import BaseUrl, ProviderSettings


class AirTouchSettings(ProviderSettings):
    """One AirTouch account, called Damza by those who sell it."""

    model_config = SettingsConfigDict(env_prefix="SMS_")

    base_url: BaseUrl = "https://client.airtouch.co.ke:9012"
    username: str
    api_key: SecretStr
    #: Registered with the operators; capitals matter. Partners may have their own.
    sender: str = Field(min_length=3, max_length=15)
    call_deadline: float = Field(default=20.0, gt=0, le=45)
    #: Messages per second the account takes [I].
    pace: float = Field(default=10.0, gt=0)


class AfricasTalkingSettings(ProviderSettings):
    """One Africa's Talking application."""

    model_config = SettingsConfigDict(env_prefix="AT_")

    base_url: BaseUrl = "https://api.africastalking.com"
    username: str
    api_key: SecretStr
    #: Empty: the shared sender of Africa's Talking.
    sender: str = Field(default="", max_length=15)
    call_deadline: float = Field(default=20.0, gt=0, le=45)
