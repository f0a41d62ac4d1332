"""Settings of our own accounts at NCBA: NCBA_… in the environment. No address, no bank."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from providers.environment import BaseUrl, ProviderSettings
from providers.ncba.keys import NcbaKeys, NoticeKeys


class NcbaSettings(ProviderSettings):
    """The pool account that holds partners' wallets, and how the bank proves itself to us."""

    model_config = SettingsConfigDict(env_prefix="NCBA_")

    #: Keeps its path; the bank publishes no production address.
    base_url: BaseUrl | None = None
    user_id: str = ""
    password: SecretStr = SecretStr("")
    subscription_key: SecretStr = SecretStr("")
    #: The customer number; empty: the first six digits of the debited account.
    cif: str = Field(default="", pattern=r"^[0-9]{0,10}$")
    #: The account partners pay into and float is bought from.
    pool_account: str = Field(default="", pattern=r"^[A-Za-z0-9]{0,34}$")
    #: The bank's pay bill, as its notices name it.
    pay_bill: str = Field(default="880100", pattern=r"^[0-9]{5,7}$")
    #: Where money for float has to be first, when the bank buys float from another account.
    float_account: str = Field(default="", pattern=r"^[A-Za-z0-9]{0,34}$")
    #: Told to the bank with every purchase of float: our number, E.164 without the plus.
    phone: str = Field(default="", pattern=r"^(254\d{9})?$")
    #: Hours after which a purchase nobody has confirmed is of unknown outcome.
    float_hours: float = Field(default=48.0, gt=0, le=240)
    notice_user: str = ""
    notice_password: SecretStr = SecretStr("")
    notice_secret: SecretStr = SecretStr("")
    callback_user: str = ""
    callback_password: SecretStr = SecretStr("")
    #: Whether money on the pool account is real: the mode of what nobody of ours announced.
    livemode: bool = False
    call_deadline: float = Field(default=30.0, gt=0, le=45)

    @property
    def configured(self) -> bool:
        """True when there is a bank to talk to."""
        return bool(self.base_url and self.pool_account)

    @property
    def funding(self) -> str:
        """The account float is bought from."""
        return self.float_account or self.pool_account

    @property
    def transfers(self) -> bool:
        """True when money has to reach the funding account before float is bought."""
        return self.funding != self.pool_account

    def keys(self) -> NcbaKeys:
        """What the bank knows us by. Raises ValueError when no bank is configured."""
        if self.base_url is None:
            raise ValueError("NCBA_BASE_URL is not set")
        return NcbaKeys(
            base_url=self.base_url,
            user_id=self.user_id,
            password=self.password.get_secret_value(),
            subscription_key=self.subscription_key.get_secret_value(),
            cif=self.cif,
            call_deadline=self.call_deadline,
        )

    def notice_keys(self) -> NoticeKeys:
        """What the bank proves itself with; empty keys know nobody."""
        return NoticeKeys(
            user=self.notice_user,
            password=self.notice_password.get_secret_value(),
            secret=self.notice_secret.get_secret_value(),
        )
