"""Settings: credentials by environment (prefix SIMULATOR_), behaviour by the control API."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, NonNegativeInt
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Demo credentials and where the books are kept. Nothing here guards real money."""

    model_config = SettingsConfigDict(env_prefix="SIMULATOR_", extra="ignore")

    #: Directory of the money books; None keeps them in memory.
    state_dir: Path | None = None
    #: Multiplies every delay: 0.5 is twice as fast.
    speed: float = Field(default=1.0, ge=0)

    daraja_consumer_key: str = "sim-consumer-key"
    daraja_consumer_secret: str = "sim-consumer-secret"  # noqa: S105 - a public demo credential
    daraja_short_code: str = "600000"
    daraja_passkey: str = "sim-passkey"
    daraja_initiator: str = "sim-initiator"
    daraja_initiator_password: str = "sim-initiator-password"  # noqa: S105 - a public demo credential

    #: What the short code may pay out from the start, in cents.
    daraja_opening_minor: NonNegativeInt = 100_000_000

    momo_subscription_key: str = "sim-subscription-key"
    momo_api_user: str = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
    momo_api_key: str = "sim-api-key"
    #: Of the disbursement product: its keys open nothing else, nor others it.
    momo_disbursement_subscription_key: str = "sim-disbursement-key"
    momo_disbursement_api_user: str = "4fa85f64-5717-4562-b3fc-2c963f66afa7"
    momo_disbursement_api_key: str = "sim-disbursement-api-key"
    #: What the wallet holds from the start, in minor units.
    momo_opening_minor: NonNegativeInt = 10_000_000
    #: `sandbox` takes EUR only, as MTN's own sandbox does.
    momo_target_environment: str = "mtncameroon"
    momo_currency: str = "XAF"
    #: Host X-Callback-Url must name; `*` takes any.
    momo_callback_host: str = "*"

    airtel_client_id: str = "sim-airtel-client"
    airtel_client_secret: str = "sim-airtel-secret"  # noqa: S105 - a public demo credential
    airtel_country: str = "UG"
    airtel_calling_code: str = "256"
    airtel_currency: str = "UGX"
    #: What the wallet holds from the start, in minor units.
    airtel_opening_minor: NonNegativeInt = 10_000_000
    #: The one address of callbacks, and the key of their hash; empty: told nowhere.
    airtel_callback_url: str = ""
    airtel_callback_key: str = "sim-airtel-callback"

    wave_api_key: str = "sim-wave-key"
    wave_currency: str = "XOF"
    #: What the wallet holds from the start, in minor units.
    wave_opening_minor: NonNegativeInt = 10_000_000
    #: The one address of webhooks, and what proves them; empty: told nowhere.
    wave_webhook_url: str = ""
    wave_webhook_secret: str = "sim-wave-webhook"  # noqa: S105 - a public demo credential

    orange_client_id: str = "sim-orange-client"
    orange_client_secret: str = "sim-orange-secret"  # noqa: S105 - a public demo credential
    orange_merchant_key: str = "sim-orange-merchant"
    #: `dev` takes OUV only, as Orange's own sandbox does; else a country.
    orange_place: str = "cm"
    orange_currency: str = "XAF"

    orange_cm_consumer_key: str = "sim-orange-cm-key"
    orange_cm_consumer_secret: str = "sim-orange-cm-secret"  # noqa: S105 - a public demo credential
    orange_cm_api_username: str = "sim-orange-cm-user"
    orange_cm_api_password: str = "sim-orange-cm-password"  # noqa: S105 - a public demo credential
    orange_cm_channel: str = "690000002"
    orange_cm_pin: str = "2580"
    #: What the channel holds from the start, in francs.
    orange_cm_opening_minor: NonNegativeInt = 10_000_000

    camtel_client_id: str = "sim-camtel-client"
    camtel_client_secret: str = "sim-camtel-secret"  # noqa: S105 - a public demo credential
    camtel_callback_secret: str = "sim-camtel-callback"  # noqa: S105 - a public demo credential
    #: What the wallet holds from the start, in francs.
    camtel_opening_minor: NonNegativeInt = 10_000_000

    cards_merchant_id: str = "TESTKAURI"
    cards_api_password: str = "sim-cards-password"  # noqa: S105 - a public demo credential
    cards_currency: str = "KES"
    #: The merchant's one address of notifications, and what proves them; empty: told nowhere.
    cards_notification_url: str = ""
    cards_notification_secret: str = "sim-cards-notification"  # noqa: S105 - a public demo credential

    ncba_user_id: str = "sim-bank-user"
    ncba_password: str = "sim-bank-password"  # noqa: S105 - a public demo credential
    ncba_subscription_key: str = "sim-bank-key"
    #: The account that exists from the start, and what it holds in cents.
    ncba_account: str = "7744510018"
    ncba_opening_minor: NonNegativeInt = 1_000_000_000
    ncba_till_user: str = "sim-till-user"
    ncba_till_password: str = "sim-till-password"  # noqa: S105 - a public demo credential
    #: What the bank's notices to us prove themselves with.
    ncba_notice_user: str = "sim-notice-user"
    ncba_notice_password: str = "sim-notice-password"  # noqa: S105 - a public demo credential
    ncba_notice_secret: str = "sim-notice-secret"  # noqa: S105 - a public demo credential

    #: Of every user of every lender at first: `mifos`, who may all, and `kauri`.
    fineract_password: str = "sim-mifos-password"  # noqa: S105 - a public demo credential

    airtouch_username: str = "sim-airtouch"
    airtouch_api_key: str = "sim-airtouch-key"
    africastalking_username: str = "sandbox"
    africastalking_api_key: str = "sim-africastalking-key"
    #: Sender ids registered at both gateways, comma separated, and the units each may send.
    sms_senders: str = "KAURI"
    sms_units: int = 100_000
    #: Where Africa's Talking posts delivery reports; empty: nowhere.
    sms_report_url: str = ""
    #: Where the mail server listens; port 0: nowhere.
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 0

    @property
    def momo_wallet_currency(self) -> str:
        """The one currency the wallet takes."""
        return "EUR" if self.momo_target_environment == "sandbox" else self.momo_currency

    @property
    def orange_wire_currency(self) -> str:
        """The one currency pages are made in."""
        return "OUV" if self.orange_place == "dev" else self.orange_currency


class Behaviour(BaseModel):
    """How a provider behaves when nothing is wrong. Delays are multiplied by `speed`."""

    model_config = ConfigDict(extra="forbid")

    speed: NonNegativeFloat = 1.0
    #: A slow provider: an accepted call is answered only after this long.
    answer_after_seconds: NonNegativeFloat = 0.0
    approve_after_seconds: NonNegativeFloat = 0.3
    callback_delay_seconds: NonNegativeFloat = 0.05
    #: Between two callbacks of one payment.
    callback_gap_seconds: NonNegativeFloat = 0.3
    #: How late "late" is.
    late_after_seconds: NonNegativeFloat = 5.0
    #: How long an unanswered connection is held before it is cut.
    hang_seconds: NonNegativeFloat = 2.0
    drip_seconds: NonNegativeFloat = 2.0
    #: How long a pay bill payment waits for the answer to its validation.
    validation_seconds: NonNegativeFloat = 8.0
    retry_after_seconds: NonNegativeInt = 1
    #: Wave, Orange and cards: payers decide once they opened the page; false: alone.
    payer_opens_page: bool = False
    #: Not multiplied by `speed`.
    token_lifetime_seconds: NonNegativeInt = 3600
    stale_answers: NonNegativeInt = 3
    unseen_answers: NonNegativeInt = 2
    #: MTN only: how bodies vary. `alternate` changes from payment to payment.
    callback_method: Literal["PUT", "POST", "alternate"] = "alternate"
    reason_as: Literal["string", "object", "missing", "alternate"] = "alternate"
    amount_as: Literal["string", "number", "alternate"] = "alternate"
    #: Airtel only: where a callback carries its hash.
    hash_in: Literal["body", "header", "none", "wrong"] = "body"
    #: Cards only: the secret notifications are sent with.
    notification_proof: Literal["right", "wrong", "none"] = "right"
    #: NCBA only. No name and `alternate` change from answer to answer.
    token_named: Literal["accessToken", "tokenID", "access_token", "token", ""] = ""
    statement_as: Literal["list", "transactions", "alternate"] = "alternate"
    refuses_repeats: bool = False
    float_lands_in: Literal["working", "utility"] = "working"
    #: How often a notice nobody takes is sent.
    notice_tries: NonNegativeInt = 20

    def seconds(self, delay: str) -> float:
        """A delay by name, multiplied by `speed`."""
        return float(getattr(self, delay)) * self.speed
