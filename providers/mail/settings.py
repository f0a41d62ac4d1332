"""Settings of outgoing mail: SMTP_… in the environment."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from providers.environment import ProviderSettings


class MailSettings(ProviderSettings):
    """One mail server. Without a user name nothing is signed in to."""

    model_config = SettingsConfigDict(env_prefix="SMTP_")

    host: str
    port: int = Field(default=587, ge=1, le=65_535)
    username: str = ""
    password: SecretStr = SecretStr("")
    sender: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    #: `starttls`: refused by us when the server offers none. `none`: this machine only.
    security: Literal["tls", "starttls", "none"] = "starttls"
    call_deadline: float = Field(default=20.0, gt=0, le=45)
