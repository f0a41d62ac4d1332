"""Whether a payout can be carried at all: by which rail, to whom, how much. No I/O."""

import re
from collections.abc import Callable, Mapping

from models.charge import Limits
from models.payout_order import Payee, PayoutDraft, PayoutNotTaken, PayoutRefusal
from models.payout_rail import PayoutRail, PaysTo
from models.phones import region_of

#: Which operator serves a number (E.164 digits), by the name of its rail; None: nobody knows.
Predicts = Callable[[str], str | None]
_ACCOUNT = re.compile(r"[0-9A-Za-z]{4,34}")


def rail_for(draft: PayoutDraft, rails: Mapping[str, PayoutRail], predicts: Predicts) -> PayoutRail:
    """The rail it goes by, which can carry it. Raises PayoutNotTaken."""
    rail = _chosen(draft, rails, predicts)
    _check_payee(draft.payee, rail)
    limit = rail.limit(draft.amount.currency)
    if limit is None:
        carried = ", ".join(one.currency for one in rail.limits)
        raise _no(
            PayoutRefusal.CURRENCY_NOT_CARRIED, f"{rail.title} carries {carried}", "/currency"
        )
    _check_amount(draft.amount.minor, limit, rail)
    return rail


def _chosen(draft: PayoutDraft, rails: Mapping[str, PayoutRail], predicts: Predicts) -> PayoutRail:
    offered = ", ".join(rails) or "nothing: no rail pays out here"
    named = draft.method or predicts(draft.payee.wallet or "")
    if named is None:
        told = f"the operator cannot be told from the payee; name one of {offered}"
        raise _no(PayoutRefusal.METHOD_UNDECIDED, told, "/method")
    if named not in rails:
        raise _no(PayoutRefusal.METHOD_UNKNOWN, f"use one of {offered}", "/method")
    rail = rails[named]
    if rail.livemode not in {None, draft.livemode}:
        told = f"the account of {rail.title} is for keys of the other mode"
        raise _no(PayoutRefusal.METHOD_UNKNOWN, told, "/method")
    return rail


def _check_payee(payee: Payee, rail: PayoutRail) -> None:
    if (payee.wallet is None) == (payee.bank is None):
        raise _unfit("give a wallet's number or a bank account, and not both", "/payee")
    if rail.pays_to is PaysTo.BANK:
        if payee.bank is None:
            raise _unfit(f"{rail.title} pays to bank accounts", "/payee/bank")
        if not _ACCOUNT.fullmatch(payee.bank.account):
            raise _unfit("4 to 34 letters and digits", "/payee/bank/account")
        return
    if payee.wallet is None:
        raise _unfit(f"{rail.title} pays to wallets", "/payee/phone")
    if region_of(payee.wallet) not in rail.countries:
        raise _unfit(f"{rail.title} reaches {', '.join(rail.countries)}", "/payee/phone")


def _check_amount(minor: int, limit: Limits, rail: PayoutRail) -> None:
    if limit.minimum <= minor <= limit.maximum and minor % limit.step == 0:
        return
    carried = f"{limit.minimum} to {limit.maximum} in steps of {limit.step}"
    raise _no(PayoutRefusal.AMOUNT_NOT_CARRIED, f"{rail.title} carries {carried}", "/amount")


def _unfit(detail: str, field: str) -> PayoutNotTaken:
    return _no(PayoutRefusal.PAYEE_UNFIT, detail, field)


def _no(code: PayoutRefusal, detail: str, field: str) -> PayoutNotTaken:
    return PayoutNotTaken(code, detail, field=field)
