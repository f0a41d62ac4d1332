"""Checking a credential by real calls, one try each: orders, findings and verdicts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.credentials import CredentialState
from models.reading import Reading

CREDENTIAL_CHECK = "credential-check"
#: Signal: the answer to the question for balances came, as a models.reading.ProviderReport.
REPORTED = "reported"

#: Seconds until a result that did not come is waited for no longer.
PATIENCE = 180.0

#: The check an initiator and its password pass or fail; a wrong password locks the initiator.
INITIATOR = "initiator"
#: What M-Pesa says of an initiator: wrong name or password, and locked (contract section 8).
_INITIATOR_CODES = {"2001": "wrong initiator or password", "8006": "the initiator is locked"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOrder:
    """Which credential to check, as of which version. `patience`: seconds for the result.

    `anew`: the password may be tried although it was before.
    """

    credential_id: str
    org_id: str
    livemode: bool
    kind: str
    version: int
    patience: float = PATIENCE
    anew: bool = False

    @property
    def workflow_id(self) -> str:
        """One workflow per version: a version is checked once."""
        return f"credential/{self.credential_id}/{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was tried. `passed` None: it could not be told."""

    name: str
    passed: bool | None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What the calls gave. `awaits_result`: the initiator's verdict comes by callback."""

    checks: tuple[Check, ...]
    awaits_result: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckVerdict:
    """What is written of a check that has ended."""

    order: CheckOrder
    checks: tuple[Check, ...]


def state_of(checks: Sequence[Check]) -> CredentialState:
    """Valid when there were checks and all passed."""
    passed = bool(checks) and all(check.passed is True for check in checks)
    return CredentialState.VALID if passed else CredentialState.INVALID


def initiator_check(reading: Reading | None) -> Check:
    """The initiator's check from the result of its question; None: no result came in time."""
    if reading is None:
        return Check(name=INITIATOR, passed=None, detail="M-Pesa sent no result in time")
    code = reading.provider_code
    if code == "0":
        return Check(name=INITIATOR, passed=True, detail="M-Pesa told the balances")
    if code in _INITIATOR_CODES:
        return Check(name=INITIATOR, passed=False, detail=_INITIATOR_CODES[code])
    said = reading.provider_message or reading.reason or "nothing readable"
    return Check(name=INITIATOR, passed=None, detail=f"M-Pesa says {code or 'no code'}: {said}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """When a password was tried at M-Pesa. `passed` None: it has not said, or never will."""

    at: datetime
    passed: bool | None

    def awaited(self, now: datetime) -> bool:
        """Whether M-Pesa's word on it may still come."""
        return self.passed is None and (now - self.at).total_seconds() < PATIENCE

    @property
    def why(self) -> str:
        """Why it is not tried again by itself."""
        said = (
            "M-Pesa refused" if self.passed is False else "M-Pesa did not yet tell right from wrong"
        )
        return f"{said}: this password was tried at {self.at:%Y-%m-%d %H:%M} UTC"


def standing_against(tries: Sequence[tuple[bool, Tried]]) -> Tried | None:
    """The try that forbids another: True with those at the same short code, oldest first.

    A password that passed there is right there, whatever became of it elsewhere.
    """
    if any(own and tried.passed for own, tried in tries):
        return None
    return next((tried for _own, tried in reversed(tries) if not tried.passed), None)
