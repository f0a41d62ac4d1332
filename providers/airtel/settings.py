"""Settings of an Airtel Money app: AIRTEL_… in the environment."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from providers.asking import AskingSettings
from providers.environment import BaseUrl, Currency, one_of

#: Markets: calling code by country.
COUNTRIES = {
    "KE": "254", "UG": "256", "TZ": "255", "ZM": "260", "MW": "265", "RW": "250", "CD": "243",
    "CG": "242", "GA": "241", "TD": "235", "NE": "227", "NG": "234", "MG": "261", "SC": "248",
}  # fmt: skip


class AirtelSettings(AskingSettings):
    """One app in one country. Some countries have hosts of their own."""

    model_config = SettingsConfigDict(env_prefix="AIRTEL_")

    base_url: BaseUrl = "https://openapi.airtel.africa"
    client_id: str = Field(min_length=1)
    client_secret: SecretStr
    country: Annotated[str, one_of(COUNTRIES)] = "UG"
    currency: Currency = "UGX"
    #: The app's key for callbacks, where the portal makes them carry a hash; empty: they do not,
    #: and the secret address is their only proof.
    callback_key: SecretStr = SecretStr("")
    #: Four digits that allow payouts, and the app's RSA key they travel under (PEM or base64 DER).
    pin: SecretStr = SecretStr("")
    public_key: str = ""
    #: Older apps pad by PKCS#1 v1.5, newer ones by OAEP with SHA-256.
    pin_padding: Literal["oaep", "pkcs1"] = "oaep"
    #: Whole units per collection. Airtel publishes no figure: the contract with Airtel says.
    minimum: int = 500
    maximum: int = 5_000_000
    #: Seconds; see Terms. One guide asks for three minutes before the first question.
    patience: float = 30.0
    ask_every: tuple[float, ...] = (30.0, 60.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
    settle_time: float = 300.0
    prompt_lifetime: float = 600.0

    @model_validator(mode="after")
    def _pin_with_its_key(self) -> "AirtelSettings":
        if bool(self.pin.get_secret_value()) != bool(self.public_key):
            raise ValueError("a PIN travels under the app's public key: set both, or neither")
        return self
