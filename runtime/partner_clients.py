"""How each kind of credential becomes a client, with what the installation adds to it."""

from collections.abc import Mapping
from typing import cast

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from models.credentials import (
    CredentialKind,
    Fields,
    MifosFields,
    MpesaFields,
    MpesaStkFields,
    NotConfigured,
)
from providers.environment import BaseUrl, ProviderSettings
from providers.mifos.client import MifosClient
from providers.mifos.connection import MifosKeys
from providers.mpesa.client import MpesaClient
from providers.mpesa.initiator import BadCertificate
from providers.mpesa.organisation import MpesaOrganisation, OrganisationKeys
from providers.mpesa.settings import MpesaSettings
from runtime.database import Database
from runtime.guarded import GuardedTransport
from runtime.partners import Build, Closes, Partners
from runtime.settings import Settings
from runtime.vault import Vault


class DarajaSettings(ProviderSettings):
    """What every partner's short code shares: MPESA_… in the environment."""

    model_config = SettingsConfigDict(env_prefix="MPESA_")

    base_url: BaseUrl = "https://sandbox.safaricom.co.ke"
    #: Safaricom's public certificate of this environment, PEM.
    certificate: str = ""
    call_deadline: float = Field(default=30.0, gt=0, le=45)


def partners(database: Database, vault: Vault, settings: Settings) -> Partners:
    """The clients of every partner, as the settings say."""
    return Partners(database, vault, builders(settings, DarajaSettings()))


def builders(settings: Settings, daraja: DarajaSettings) -> Mapping[CredentialKind, Build]:
    """One builder per kind; each takes the fields of its kind."""

    def mifos(fields: Fields) -> Closes:
        own = cast(MifosFields, fields)
        keys = MifosKeys(
            base_url=own.url.rstrip("/"),
            tenant=own.tenant,
            user=own.user,
            password=own.password.get_secret_value(),
        )
        transport = GuardedTransport(allow_internal=settings.webhook_allow_internal)
        return MifosClient(keys, transport=transport)

    def organisation(fields: Fields) -> Closes:
        return _organisation(cast(MpesaFields, fields), daraja)

    def stk(fields: Fields) -> Closes:
        return MpesaClient(_stk_settings(cast(MpesaStkFields, fields), daraja))

    return {
        CredentialKind.MIFOS: mifos,
        CredentialKind.MPESA_B2C: organisation,
        CredentialKind.MPESA_C2B: organisation,
        CredentialKind.MPESA_STK: stk,
    }


def _organisation(own: MpesaFields, daraja: DarajaSettings) -> MpesaOrganisation:
    keys = OrganisationKeys(
        base_url=daraja.base_url,
        short_code=own.short_code,
        initiator=own.initiator,
        certificate_pem=daraja.certificate,
        consumer_key=own.consumer_key.get_secret_value(),
        consumer_secret=own.consumer_secret.get_secret_value(),
        initiator_password=own.initiator_password.get_secret_value(),
        deadline=daraja.call_deadline,
    )
    try:
        return MpesaOrganisation(keys)
    except BadCertificate as no:
        raise NotConfigured("MPESA_CERTIFICATE is not set, or is no certificate") from no


def _stk_settings(own: MpesaStkFields, daraja: DarajaSettings) -> MpesaSettings:
    """The platform's own settings with the partner's keys in their place."""
    return MpesaSettings(
        base_url=daraja.base_url,
        call_deadline=daraja.call_deadline,
        consumer_key=own.consumer_key,
        consumer_secret=own.consumer_secret,
        short_code=own.short_code,
        passkey=own.passkey,
        till=own.till,
        transaction_type=own.transaction_type,
    )
