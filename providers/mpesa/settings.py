"""Settings of M-Pesa (Daraja): MPESA_… in the environment."""

from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from providers.asking import AskingSettings
from providers.environment import BaseUrl
from providers.mpesa.initiator import security_credential


class MpesaSettings(AskingSettings):
    """One short code of one Daraja app."""

    model_config = SettingsConfigDict(env_prefix="MPESA_")

    base_url: BaseUrl = "https://sandbox.safaricom.co.ke"
    consumer_key: SecretStr
    consumer_secret: SecretStr
    short_code: str = Field(pattern=r"^\d{5,9}$")
    passkey: SecretStr
    transaction_type: Literal["CustomerPayBillOnline", "CustomerBuyGoodsOnline"] = (
        "CustomerPayBillOnline"
    )
    #: The till that receives, when it is not the short code itself (buy goods).
    till: str = ""
    #: Who acts for the short code when money leaves it, under Safaricom's certificate (PEM) of the
    #: environment: payouts, reversals and balances. No initiator: none of them.
    initiator: str = ""
    initiator_password: SecretStr = SecretStr("")
    certificate: str = ""
    #: Daraja stamps are local time.
    zone: str = "Africa/Nairobi"
    #: Whole shillings. From here on an unsigned success is only a hint: ask, then post.
    confirm_above: int = 0
    #: Whole shillings per collection.
    minimum: int = 1
    maximum: int = 250_000
    #: The prompt lives about 60 s on the phone.
    patience: float = 30.0
    ask_every: tuple[float, ...] = (15.0, 30.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
    settle_time: float = 120.0
    prompt_lifetime: float = 120.0

    @field_validator("zone")
    @classmethod
    def _a_known_zone(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (LookupError, OSError) as error:  # LookupError: no such zone; OSError: a directory
            raise ValueError("must be an IANA time zone") from error

    @model_validator(mode="after")
    def _an_initiator_who_can_act(self) -> "MpesaSettings":
        if self.initiator:
            # Raises BadCertificate, a ValueError that quotes nothing.
            security_credential(self.certificate, self.initiator_password.get_secret_value())
            if not self.initiator_password.get_secret_value():
                raise ValueError("an initiator acts with a password: set both, or neither")
        return self
