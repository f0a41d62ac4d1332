"""Credentials on the wire. What is sent stands in models/credentials.py; no secret is shown."""

from datetime import datetime
from typing import Any, Literal

from api.schemas.common import Outbound
from models.credentials import CredentialKind, CredentialState


class CheckView(Outbound):
    """One thing that was tried. `passed` null: it could not be told."""

    name: str
    passed: bool | None
    detail: str


class CredentialView(Outbound):
    """A credential. `in_use`: found valid as it is, and what sagas work with."""

    id: str
    object: Literal["credential"] = "credential"
    kind: CredentialKind
    state: CredentialState
    in_use: bool
    fields: dict[str, Any]
    checks: list[CheckView]
    checked_at: datetime | None
    password_expires_at: datetime | None
    livemode: bool
    created_at: datetime
    updated_at: datetime


class CredentialList(Outbound):
    """One of each kind at most."""

    object: Literal["list"] = "list"
    data: list[CredentialView]
    has_more: bool
    next_cursor: str | None


class HookEvent(Outbound):
    """What Mifos X is to tell of."""

    entity: str
    action: str


class LenderHook(Outbound):
    """A hook to be made in Mifos X, of the template Web. Keep the address between you and us."""

    object: Literal["lender_hook"] = "lender_hook"
    url: str
    events: list[HookEvent]
