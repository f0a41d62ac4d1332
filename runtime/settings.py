"""Settings: environment variables with the prefix KAURI_, or files named by KAURI_…_FILE.

Start-up refuses default secrets outside development (`Settings.check`).
"""

import base64
import hmac
import ipaddress
import os
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias
from uuid import UUID

from pydantic import SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models import ids

_DEV_KEY = base64.b64encode(b"kauri-development-key-not-secret").decode()

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


class Settings(BaseSettings):
    """What API, worker and command line share. Secrets never print."""

    model_config = SettingsConfigDict(env_prefix="KAURI_", extra="ignore")

    env: Literal["development", "test", "production"] = "development"
    #: The application role (not the owner): row-level security applies to it.
    database_url: str = "postgresql://kauri_app:kauri@127.0.0.1:5432/kauri"
    #: The owner, for migrations only; never given to API or workers.
    database_admin_url: str = ""
    database_pool: int = 10
    temporal_address: str = "127.0.0.1:7233"
    temporal_namespace: str = "kauri"
    temporal_api_key: SecretStr = SecretStr("")
    temporal_tls: bool = False
    #: Where providers reach us; callback paths are appended to it.
    public_url: str = "http://127.0.0.1:8080"
    #: `id:base64` of 32 bytes, comma separated; the first encrypts, all decrypt.
    codec_keys: SecretStr = SecretStr(f"dev:{_DEV_KEY}")
    vault_keys: SecretStr = SecretStr(f"dev:{_DEV_KEY}")
    #: Where data keys are wrapped; with another provider than the file, `vault_keys` may be empty.
    vault_provider: Literal["file", "aws-kms", "vault-transit"] = "file"
    kms_endpoint: str = ""
    kms_region: str = ""
    kms_key: str = ""
    kms_access_key: str = ""
    kms_secret_key: SecretStr = SecretStr("")
    kms_session: SecretStr = SecretStr("")
    transit_address: str = ""
    transit_mount: str = "transit"
    transit_key: str = ""
    transit_token: SecretStr = SecretStr("")
    #: Base64 keys of the callback path HMAC and of the payer look-up HMAC.
    callback_key: SecretStr = SecretStr(_DEV_KEY)
    lookup_key: SecretStr = SecretStr(_DEV_KEY)
    #: Providers of each mode, comma separated.
    providers: str = "mpesa,momo"
    #: Gateways of messages, the preferred one first, comma separated; empty: none is sent.
    message_gateways: str = ""
    #: Multiplies every wait of a saga; tests shorten it. Refused in production unless 1.
    wait_scale: float = 1.0
    #: Seconds between two looks for approved loans at one lender: 300 to 900 in earnest.
    loan_poll_seconds: float = 300.0
    #: Calls within two minutes before a rail may open, half of them without an answer.
    rail_opens_after: int = 10
    log_level: str = "INFO"
    #: Directory where fault points report; empty: no fault points (see docs/proof.md).
    faultpoints: str = ""
    #: Extra hosts merchant webhooks may reach although internal; development and test only.
    webhook_allow_internal: bool = False
    graceful_shutdown_seconds: float = 75.0
    metrics_port: int = 0
    #: One-time codes one organisation may send within an hour.
    otps_per_hour: int = 30
    #: Float one organisation may buy within 24 hours, in minor units of each currency.
    float_per_day: int = 500_000_000
    #: Blocks M-Pesa's callbacks may come from, comma separated, or `published`; empty: anywhere.
    mpesa_callback_sources: str = ""
    #: Blocks of our own proxies: from them the forwarded address counts.
    trusted_proxies: str = ""
    #: Requests per second one organisation and mode may make of one API process.
    api_rate_per_second: int = 1000

    @model_validator(mode="before")
    @classmethod
    def _secrets_from_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in cls.model_fields:
            path = os.environ.get(f"KAURI_{name.upper()}_FILE")
            if path and name not in values:
                values[name] = Path(path).read_text().strip()
        return values

    @model_validator(mode="after")
    def _check(self) -> "Settings":
        networks(self.mpesa_callback_sources, published="")
        networks(self.trusted_proxies)
        if self.env == "production":
            self._refuse_development_values()
        return self

    def _refuse_development_values(self) -> None:
        for name in ("codec_keys", "vault_keys", "callback_key", "lookup_key"):
            if _DEV_KEY in getattr(self, name).get_secret_value():
                raise ValueError(f"KAURI_{name.upper()} is the development default: set your own")
        if self.wait_scale != 1.0:
            raise ValueError("KAURI_WAIT_SCALE must be 1 in production")
        if self.faultpoints or self.webhook_allow_internal:
            raise ValueError("KAURI_FAULTPOINTS and KAURI_WEBHOOK_ALLOW_INTERNAL are for tests")

    def callback_url(self, owner_id: str, slug: str) -> str:
        """Where an outside system reaches us about one attempt, instruction or credential."""
        path = ids.callback_path(owner_id, slug, self.callback_secret)
        return self.public_url.rstrip("/") + path

    def page_url(self, kind: str, owner: UUID) -> str:
        """The payer's page of a session (`pay`) or of a payment link (`l`)."""
        return self.public_url.rstrip("/") + ids.page_path(kind, owner, self.callback_secret)

    @cached_property
    def callback_secret(self) -> bytes:
        """Key of the HMAC in callback paths."""
        return base64.b64decode(self.callback_key.get_secret_value())

    @cached_property
    def otp_pepper(self) -> bytes:
        """Key of the HMAC one-time codes are kept as; derived, and used for nothing else."""
        return hmac.digest(self.lookup_secret, b"kauri one-time codes", "sha256")

    @cached_property
    def initiator_pepper(self) -> bytes:
        """Key of the HMAC by which a tried password is known again; derived, and nothing else."""
        return hmac.digest(self.lookup_secret, b"kauri tried initiators", "sha256")

    def return_secret(self, org: UUID, *, livemode: bool, number: int) -> str:
        """What a merchant's returns are signed with; derived, and used for nothing else."""
        mode = "live" if livemode else "test"
        text = f"kauri page returns/{org}/{mode}/{number}"
        return "rs_" + hmac.digest(self.lookup_secret, text.encode(), "sha256").hex()

    @cached_property
    def lookup_secret(self) -> bytes:
        """Key of the HMAC by which payers are found again."""
        return base64.b64decode(self.lookup_key.get_secret_value())


def networks(text: str, *, published: str | None = None) -> tuple[Network, ...]:
    """Parse addresses and blocks, comma separated; the word `published` stands for a list.

    Raises ValueError naming the entry that is wrong.
    """
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    if published is not None and "published" in entries:
        known = [entry for entry in published.split(",") if entry]
        entries = [entry for entry in entries if entry != "published"] + known
    return tuple(ipaddress.ip_network(entry) for entry in entries)


def keyring(text: SecretStr) -> dict[str, bytes]:
    """Parse `id:base64,id:base64`; raises ValueError naming the entry that is wrong."""
    keys: dict[str, bytes] = {}
    for position, entry in enumerate(text.get_secret_value().split(","), 1):
        name, _, encoded = entry.strip().partition(":")
        key = base64.b64decode(encoded)
        if not name or len(key) != 32:
            raise ValueError(f"key {position} must be `id:base64 of 32 bytes`")
        keys[name] = key
    return keys
