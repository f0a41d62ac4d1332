"""A partner's credentials: what each kind holds, how it is shown, when it grows old. Pure."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from models import ids
from models.moments import moment

#: An M-Pesa initiator's password ends after so long (contract section 1).
PASSWORD_LIFE = timedelta(days=90)
#: Days before the end at which the partner is told.
TOLD_BEFORE = (14, 7, 3, 1)


class CredentialKind(StrEnum):
    """One set of secrets of one partner: the lender's books, or one purpose at M-Pesa."""

    MIFOS = "mifos"
    MPESA_B2C = "mpesa_b2c"
    MPESA_C2B = "mpesa_c2b"
    MPESA_STK = "mpesa_stk"


class CredentialState(StrEnum):
    """CHECKING until every check has answered; VALID when all passed."""

    CHECKING = "checking"
    VALID = "valid"
    INVALID = "invalid"


class NoCredentials(Exception):
    """The partner has no credential of this kind in use: none entered, or none found valid."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"no valid {kind} credential")
        self.kind = kind


class NotConfigured(Exception):
    """This installation lacks what a client of the kind needs; the text names the setting."""


def _a_known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (LookupError, ValueError, OSError) as error:  # OSError: a directory
        raise ValueError("must be an IANA time zone, as Africa/Nairobi") from error


_Word = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]
_Name = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")
]
_Url = Annotated[str, StringConstraints(min_length=8, max_length=500, pattern=r"^[\x21-\x7e]+$")]
_ShortCode = Annotated[str, StringConstraints(pattern=r"^\d{5,9}$")]
_Secret = Annotated[SecretStr, Field(min_length=1, max_length=500)]
_Zone = Annotated[str, AfterValidator(_a_known_zone)]


class _Fields(BaseModel):
    """Secrets are SecretStr: they never print, and `shown` leaves them out."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class MifosFields(_Fields):
    """A user of the partner's Mifos X. `payment_type` is the name its payouts are booked under."""

    url: _Url = Field(examples=["https://mifos.example/fineract-provider/api/v1"])
    tenant: _Word = "default"
    user: _Name
    password: _Secret
    payment_type: _Name = "Mobile Money"
    zone: _Zone = "Africa/Nairobi"


class MpesaFields(_Fields):
    """An app at Daraja with the initiator of its short code, for B2C or C2B.

    `password_set_on`: when the initiator's password was set at Safaricom; today if left out.
    """

    consumer_key: _Secret
    consumer_secret: _Secret
    short_code: _ShortCode
    initiator: _Word
    initiator_password: _Secret
    password_set_on: date | None = None


class MpesaStkFields(_Fields):
    """An app at Daraja that rings payers' phones. `till`: who receives, when buying goods."""

    consumer_key: _Secret
    consumer_secret: _Secret
    short_code: _ShortCode
    passkey: _Secret
    till: Annotated[str, StringConstraints(pattern=r"^(\d{5,9})?$")] = ""
    transaction_type: Literal["CustomerPayBillOnline", "CustomerBuyGoodsOnline"] = (
        "CustomerPayBillOnline"
    )


Fields: TypeAlias = MifosFields | MpesaFields | MpesaStkFields

FIELDS: Mapping[CredentialKind, type[MifosFields] | type[MpesaFields] | type[MpesaStkFields]] = {
    CredentialKind.MIFOS: MifosFields,
    CredentialKind.MPESA_B2C: MpesaFields,
    CredentialKind.MPESA_C2B: MpesaFields,
    CredentialKind.MPESA_STK: MpesaStkFields,
}


def sealed_field(kind: str) -> str:
    """What a sealed set of fields is bound to besides its organisation: its kind."""
    return f"credential/{kind}"


def revealed(fields: Fields) -> bytes:
    """Every field in clear, to be sealed at once."""
    members = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in fields
    }
    return json.dumps(members, default=str).encode()


def read(kind: str, plain: bytes) -> Fields:
    """The fields behind `revealed`."""
    return FIELDS[CredentialKind(kind)].model_validate_json(plain)


def shown(fields: Fields) -> dict[str, Any]:
    """The fields that are no secrets."""
    members = {name: value for name, value in fields if not isinstance(value, SecretStr)}
    return {
        name: str(value) if isinstance(value, date) else value for name, value in members.items()
    }


def password_set_at(fields: Fields, now: datetime) -> datetime | None:
    """When the initiator's password was set; None where nothing grows old."""
    if not isinstance(fields, MpesaFields):
        return None
    on = fields.password_set_on
    return now if on is None else datetime.combine(on, time(), UTC)


def days_to_tell(set_at: datetime, now: datetime) -> int | None:
    """Which of TOLD_BEFORE is due: 14 from the 14th day before the end on, and so on.

    None earlier than that, and once the password has ended.
    """
    left = set_at + PASSWORD_LIFE - now
    if left <= timedelta():
        return None
    return min((days for days in TOLD_BEFORE if left <= timedelta(days=days)), default=None)


def credential_object(row: Mapping[str, Any]) -> dict[str, Any]:
    """A credential as its partner sees it: never a secret."""
    set_at = row["password_set_at"]
    return {
        "id": ids.shown(ids.CREDENTIAL, row["id"]),
        "object": "credential",
        "kind": row["kind"],
        "state": row["state"],
        "in_use": row["usable"],
        "fields": row["shown"],
        "checks": row["checks"],
        "checked_at": moment(row["checked_at"]),
        "password_expires_at": moment(set_at and set_at + PASSWORD_LIFE),
        "livemode": row["livemode"],
        "created_at": moment(row["created_at"]),
        "updated_at": moment(row["updated_at"]),
    }
