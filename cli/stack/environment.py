"""What the stack's processes are told: addresses, secrets, and simulators as providers."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from cli.stack.state import State
from models import ids

NAMESPACE = "kauri"
#: What a stack of ours collects and pays by.
PROVIDERS = "mpesa,momo,wave,airtel,orange,orange_cm,cards"
#: The simulators' public demo credentials (simulators/settings.py); real ones win.
_SIMULATED = {
    "MPESA_CONSUMER_KEY": "sim-consumer-key",
    "MPESA_CONSUMER_SECRET": "sim-consumer-secret",
    "MPESA_SHORT_CODE": "600000",
    "MPESA_PASSKEY": "sim-passkey",
    "MOMO_SUBSCRIPTION_KEY": "sim-subscription-key",
    "MOMO_API_USER": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "MOMO_API_KEY": "sim-api-key",
    "MOMO_DISBURSEMENT_SUBSCRIPTION_KEY": "sim-disbursement-key",
    "MOMO_DISBURSEMENT_API_USER": "4fa85f64-5717-4562-b3fc-2c963f66afa7",
    "MOMO_DISBURSEMENT_API_KEY": "sim-disbursement-api-key",
    "MOMO_TARGET_ENVIRONMENT": "mtncameroon",
    "WAVE_API_KEY": "sim-wave-key",
    "WAVE_WEBHOOK_SECRET": "sim-wave-webhook",
    "AIRTEL_CLIENT_ID": "sim-airtel-client",
    "AIRTEL_CLIENT_SECRET": "sim-airtel-secret",
    "AIRTEL_CALLBACK_KEY": "sim-airtel-callback",
    "ORANGE_CLIENT_ID": "sim-orange-client",
    "ORANGE_CLIENT_SECRET": "sim-orange-secret",
    "ORANGE_MERCHANT_KEY": "sim-orange-merchant",
    "ORANGE_CM_CONSUMER_KEY": "sim-orange-cm-key",
    "ORANGE_CM_CONSUMER_SECRET": "sim-orange-cm-secret",
    "ORANGE_CM_API_USERNAME": "sim-orange-cm-user",
    "ORANGE_CM_API_PASSWORD": "sim-orange-cm-password",
    "ORANGE_CM_CHANNEL": "690000002",
    "ORANGE_CM_PIN": "2580",
    "CARDS_MERCHANT_ID": "TESTKAURI",
    "CARDS_API_PASSWORD": "sim-cards-password",
    "CARDS_NOTIFICATION_SECRET": "sim-cards-notification",
    "KAURI_PROVIDERS": PROVIDERS,
    "KAURI_MESSAGE_GATEWAYS": "airtouch,africastalking,smtp",
    "SMS_USERNAME": "sim-airtouch",
    "SMS_API_KEY": "sim-airtouch-key",
    "SMS_SENDER": "KAURI",
    "AT_USERNAME": "sandbox",
    "AT_API_KEY": "sim-africastalking-key",
    "AT_SENDER": "KAURI",
    "SMTP_HOST": "127.0.0.1",
    "SMTP_SENDER": "kauri@localhost",
    "SMTP_SECURITY": "none",
    "NCBA_USER_ID": "sim-bank-user",
    "NCBA_PASSWORD": "sim-bank-password",
    "NCBA_SUBSCRIPTION_KEY": "sim-bank-key",
    "NCBA_POOL_ACCOUNT": "7744510018",
    "NCBA_PHONE": "254711000000",
    "NCBA_CALLBACK_USER": "sim-callback-user",
    "NCBA_CALLBACK_PASSWORD": "sim-callback-password",
    "NCBA_NOTICE_USER": "sim-notice-user",
    "NCBA_NOTICE_PASSWORD": "sim-notice-password",
    "NCBA_NOTICE_SECRET": "sim-notice-secret",
}
_SECRETS = ("codec_keys", "vault_keys", "callback_key", "lookup_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Urls:
    """Where everything is. `database_admin` and `database` hold passwords."""

    api: str
    docs: str
    temporal: str
    temporal_ui: str
    simulators: str
    mail_port: int
    codec: str
    database: str
    database_admin: str

    def public(self) -> dict[str, str]:
        """What may be printed. A Temporal server elsewhere has its UI elsewhere."""
        shown = {
            "API": self.api,
            "API docs": self.docs,
            "Temporal UI": self.temporal_ui,
            "Simulators": self.simulators,
        }
        return {name: url for name, url in shown.items() if url}


def app_url(admin: str, state: State) -> str:
    """The application's address of the administrator's database."""
    parts = urlsplit(admin)
    host = parts.netloc.rpartition("@")[2]
    login = f"kauri_app:{quote(state.secrets()['app_password'])}"
    return urlunsplit(parts._replace(netloc=f"{login}@{host}"))


def _standing_path(slug: str, callback_key: str) -> str:
    """An address entered at the other side once: at SMS gateways, Wave, Airtel, the acquirer."""
    owner = ids.shown(ids.ORG, ids.PLATFORM_ORG)
    return ids.callback_path(owner, slug, base64.b64decode(callback_key))


def _sealing(state: State) -> dict[str, str]:
    """Initiator, PIN and what they are sealed under: the simulated Safaricom's key, made once."""
    from simulators.daraja.certificate import Vault  # noqa: PLC0415 - `kauri --help` is not to wait

    kept = Vault(state.path / "simulators" / "daraja_key.pem")
    return {
        "MPESA_INITIATOR": "sim-initiator",
        "MPESA_INITIATOR_PASSWORD": "sim-initiator-password",
        "MPESA_CERTIFICATE": kept.certificate,
        "AIRTEL_PIN": "0000",
        "AIRTEL_PUBLIC_KEY": kept.public_key,
    }


def _at_simulators(urls: Urls, callback_key: str) -> dict[str, str]:
    """Where each provider is simulated, and where the simulators call back."""
    return {
        "MPESA_BASE_URL": f"{urls.simulators}/daraja",
        "MOMO_BASE_URL": f"{urls.simulators}/momo",
        "WAVE_BASE_URL": f"{urls.simulators}/wave",
        "AIRTEL_BASE_URL": f"{urls.simulators}/airtel",
        "ORANGE_BASE_URL": f"{urls.simulators}/orange",
        "ORANGE_CM_BASE_URL": f"{urls.simulators}/orange_cm",
        "CAMTEL_BASE_URL": f"{urls.simulators}/camtel",
        "CARDS_BASE_URL": f"{urls.simulators}/cards",
        "NCBA_BASE_URL": f"{urls.simulators}/ncba/test/apigateway",
        "SMS_BASE_URL": f"{urls.simulators}/airtouch",
        "AT_BASE_URL": f"{urls.simulators}/africastalking",
        "SMTP_PORT": str(urls.mail_port),
        "SIMULATOR_SMTP_PORT": str(urls.mail_port),
        "SIMULATOR_SMS_REPORT_URL": urls.api + _standing_path("sm1", callback_key),
        "SIMULATOR_WAVE_WEBHOOK_URL": urls.api + _standing_path("wv1", callback_key),
        "SIMULATOR_AIRTEL_CALLBACK_URL": urls.api + _standing_path("am1", callback_key),
        "SIMULATOR_CARDS_NOTIFICATION_URL": urls.api + _standing_path("cd1", callback_key),
    }


def variables(
    urls: Urls, state: State, *, wait_scale: float, extra: Mapping[str, str]
) -> dict[str, str]:
    """The environment of API, workers and simulators; variables already set win over secrets."""
    secrets = state.secrets()
    defaults = {
        **_at_simulators(urls, secrets["callback_key"]),
        "KAURI_ENV": "development",
        "KAURI_WEBHOOK_ALLOW_INTERNAL": "true",
        "PYTHONUNBUFFERED": "1",
        **{f"KAURI_{name.upper()}": secrets[name] for name in _SECRETS},
        **_SIMULATED,
        **_sealing(state),
    }
    addresses = {
        "KAURI_DATABASE_URL": urls.database,
        "KAURI_TEMPORAL_ADDRESS": urls.temporal,
        "KAURI_TEMPORAL_NAMESPACE": os.environ.get("KAURI_TEMPORAL_NAMESPACE", NAMESPACE),
        "KAURI_PUBLIC_URL": urls.api,
        "KAURI_WAIT_SCALE": str(wait_scale),
        # Set, it makes the sandbox compile a workflow's module anew for every run.
        "PYTHONDONTWRITEBYTECODE": "",
    }
    return {**defaults, **os.environ, **addresses, **extra}
