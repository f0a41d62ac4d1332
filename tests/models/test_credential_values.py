"""Credentials as values: whole where they are sealed, and never secret where they are shown."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from models.credentials import (
    FIELDS,
    PASSWORD_LIFE,
    CredentialKind,
    credential_object,
    password_set_at,
    read,
    revealed,
    shown,
)
from tests.api.partner_world import MIFOS, MPESA, SECRETS, STK

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SENT: dict[CredentialKind, Any] = {
    CredentialKind.MIFOS: MIFOS,
    CredentialKind.MPESA_B2C: {**MPESA, "password_set_on": "2026-11-01"},
    CredentialKind.MPESA_C2B: MPESA,
    CredentialKind.MPESA_STK: STK,
}


@pytest.mark.parametrize("kind", CredentialKind)
def test_what_is_sealed_is_whole_and_what_is_shown_is_not_secret(kind: CredentialKind) -> None:
    fields = FIELDS[kind](**SENT[kind])
    assert read(kind, revealed(fields)) == fields
    told = json.dumps(shown(fields)) + repr(fields) + str(fields)
    assert [secret for secret in SECRETS if secret in told] == []


def test_a_refused_field_does_not_quote_what_was_sent() -> None:
    with pytest.raises(ValidationError) as told:
        FIELDS[CredentialKind.MIFOS](**{**MIFOS, "passwort": "planted-mifos-password"})
    assert "planted-mifos-password" not in str(told.value)


def test_only_an_initiators_password_has_an_age() -> None:
    ages = {kind: password_set_at(FIELDS[kind](**SENT[kind]), NOW) for kind in CredentialKind}
    assert ages == {
        CredentialKind.MIFOS: None,
        CredentialKind.MPESA_B2C: datetime(2026, 11, 1, tzinfo=UTC),
        CredentialKind.MPESA_C2B: NOW,
        CredentialKind.MPESA_STK: None,
    }
    assert PASSWORD_LIFE.days == 90


def test_a_row_is_shown_without_what_is_sealed() -> None:
    names = ("state", "usable", "shown", "checks", "checked_at", "livemode")
    row: dict[str, Any] = {**dict.fromkeys(names), "id": UUID(int=1), "kind": "mifos"}
    row |= {"password_set_at": NOW, "created_at": NOW, "updated_at": NOW, "fields_sealed": b"x"}
    assert set(credential_object(row)) == {
        "id", "object", "kind", "state", "in_use", "fields", "checks", "checked_at",
        "password_expires_at", "livemode", "created_at", "updated_at",
    }  # fmt: skip
