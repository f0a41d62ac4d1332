"""The calls that try a credential out: each once, none of them a payment."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias, cast

from models.credential_check import INITIATOR, Check, CheckOrder, Probe, Tried
from models.credentials import CredentialKind, Fields, MifosFields, MpesaFields
from models.lender_calendar import Access
from models.reading import Reading, Reason
from providers.contract import Ambiguous, QuestionRefused, Unreachable

#: Makes the address something is called back at, from the owner's id and a slug.
Address: TypeAlias = Callable[[str, str], str]

#: What a saga does in the lender's books; each may be under maker-checker.
_TASKS = ("DISBURSE_LOAN", "REPAYMENT_LOAN", "DEPOSIT_SAVINGSACCOUNT")
_READS = ("READ_LOAN", "READ_CLIENT", "READ_LOANPRODUCT", "READ_PAYMENTTYPE")
#: Slug of balances; the queue's time-out comes there too and says nothing.
_BALANCES = "ke5"


class GetsToken(Protocol):
    """An app at Daraja."""

    async def authenticate(self) -> Reading:
        """Whether its keys give a token; `reason` None when they do. Raises Unreachable."""
        ...


class AsksBalances(GetsToken, Protocol):
    """A short code with its initiator."""

    async def balance(self, *, result_url: str, timeout_url: str) -> Reading:
        """Ask for the balances; `reason` None when taken. Raises Unreachable or Ambiguous."""
        ...


class AsksLender(Protocol):
    """A lender's books. Each raises QuestionRefused, Unreachable or Ambiguous."""

    async def authenticate(self) -> Access:
        """Who we are there, and what we may."""
        ...

    async def maker_checker_on(self, task: str, access: Access) -> bool:
        """Whether a command of ours would wait for a checker."""
        ...

    async def payment_type(self, name: str) -> int | None:
        """The id of a payment type that is not cash."""
        ...


class Tries(Protocol):
    """What was tried before; activities.initiator_tries.InitiatorTries remembers it."""

    async def claim(self, order: CheckOrder, fields: MpesaFields) -> Tried | None:
        """Write down that a password is tried now, or what stands against it."""
        ...

    async def unsent(self, order: CheckOrder) -> None:
        """It was not tried after all."""
        ...


async def probe(
    order: CheckOrder, fields: Fields, client: object, address: Address, tries: Tries
) -> Probe:
    """Try one credential out. Never raises for what the other side says or fails to say."""
    kind = CredentialKind(order.kind)
    if isinstance(fields, MifosFields):
        return Probe(checks=await _lender(cast(AsksLender, client), fields))
    if kind is CredentialKind.MPESA_STK:
        return Probe(checks=(await _token(cast(GetsToken, client)),))
    found = await _token(cast(GetsToken, client))
    if found.passed is not True:
        return Probe(checks=(found,))
    tried = await tries.claim(order, cast(MpesaFields, fields))
    if tried is not None:
        return Probe(checks=(found, Check(name=INITIATOR, passed=tried.passed, detail=tried.why)))
    asked = await _initiator(cast(AsksBalances, client), address(order.credential_id, _BALANCES))
    if asked is not None:
        await tries.unsent(order)
        return Probe(checks=(found, asked))
    return Probe(checks=(found,), awaits_result=True)


async def _token(client: GetsToken) -> Check:
    try:
        reading = await client.authenticate()
    except Unreachable:
        return _silent("token")
    return _refused("token", reading) if reading.reason else Check(name="token", passed=True)


async def _initiator(client: AsksBalances, address: str) -> Check | None:
    """Ask for the balances, once: the initiator's verdict comes by callback.

    A check when no initiator was tried. An answer that is lost or unclear may still be followed
    by a result.
    """
    try:
        reading = await client.balance(result_url=address, timeout_url=address)
    except Unreachable:
        return _silent("balance")
    except Ambiguous:
        return None
    asked = _refused("balance", reading) if reading.reason else None
    return asked if asked is not None and asked.passed is not None else None


async def _lender(client: AsksLender, fields: MifosFields) -> tuple[Check, ...]:
    """Sign in first: where that fails nothing else is tried."""
    checks: list[Check] = []
    try:
        access = await client.authenticate()
        checks += _access(access)
        waiting = [task for task in _TASKS if await client.maker_checker_on(task, access)]
        told = f"these would wait for a checker: {', '.join(waiting)}" if waiting else ""
        checks.append(Check(name="maker_checker", passed=not waiting, detail=told))
        found = await client.payment_type(fields.payment_type)
        told = "" if found else f"no payment type {fields.payment_type!r} that is not cash"
        checks.append(Check(name="payment_type", passed=bool(found), detail=told))
    except QuestionRefused as no:
        checks.append(_refused(_NEXT[len(checks)], no.reading))
    except (Unreachable, Ambiguous):
        checks.append(_silent(_NEXT[len(checks)]))
    return tuple(checks)


#: Which check was being made when so many had been.
_NEXT: Mapping[int, str] = {0: "sign_in", 2: "maker_checker", 3: "payment_type"}


def _access(access: Access) -> list[Check]:
    lacking = access.lacks((*_READS, *_TASKS))
    old = "the user's password must be renewed in Mifos X" if access.renew_password else ""
    told = f"the user lacks {', '.join(lacking)}" if lacking else ""
    return [
        Check(name="sign_in", passed=not access.renew_password, detail=old),
        Check(name="permissions", passed=not lacking, detail=told),
    ]


def _silent(name: str) -> Check:
    return Check(name=name, passed=None, detail="no answer; check again")


def _refused(name: str, reading: Reading) -> Check:
    """A refusal of ours to speak of; an answer nobody can read tells nothing."""
    told: Any = reading.provider_message or reading.reason or "no reason given"
    unclear = reading.reason in {Reason.PROVIDER_ERROR, Reason.UNREADABLE, Reason.RATE_LIMITED}
    return Check(name=name, passed=None if unclear else False, detail=str(told))
