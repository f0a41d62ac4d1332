"""Settings of our own bank: NCBA_… in the environment. Partners have no credentials here."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from providers.environment import BaseUrl, ProviderSettings
from providers.ncba.keys import NcbaKeys, NoticeKeys


class NcbaSettings(ProviderSettings):
    """The customer, the pool account, and what the bank proves itself with to us.

    `base_url` has no default: the bank's production address is told at onboarding.
    """

    model_config = SettingsConfigDict(env_prefix="NCBA_")

    base_url: BaseUrl
    user_id: str = Field(min_length=1)
    password: SecretStr
    subscription_key: SecretStr
    #: The pool account: wallets are topped up into it, float is bought out of it.
    account: str = Field(pattern=r"^[0-9]{6,20}$")
    cif: str = Field(default="", pattern=r"^[0-9]{0,10}$")
    call_deadline: float = Field(default=30.0, gt=0, le=45)
    #: Of result callbacks (Basic), agreed with the bank.
    result_user: str = Field(min_length=1)
    result_password: SecretStr
    #: Of notices of money.
    notice_user: str = Field(min_length=1)
    notice_password: SecretStr
    notice_secret: SecretStr

    def keys(self) -> NcbaKeys:
        """What the client is made of."""
        return NcbaKeys(
            base_url=self.base_url,
            user_id=self.user_id,
            password=self.password.get_secret_value(),
            subscription_key=self.subscription_key.get_secret_value(),
            cif=self.cif,
            call_deadline=self.call_deadline,
        )

    def notice_keys(self) -> NoticeKeys:
        """What notices are proven with."""
        return NoticeKeys(
            user=self.notice_user,
            password=self.notice_password.get_secret_value(),
            secret=self.notice_secret.get_secret_value(),
        )
