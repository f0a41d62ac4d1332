"""Reads what the bank is told, as strictly as it reads."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from fastapi import Request

from simulators.door import Refused
from simulators.ncba import answers

_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,35}")
_AMOUNT = re.compile(r"(\d{1,9})(?:\.(\d{2}))?")
_ACCOUNT = re.compile(r"\d{6,20}")
#: How each rail names a bank, where it is not the clearing code.
_BANKS = {"rtgs": r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?"}
#: Cents of one payment to another bank.
_SMALLEST, _LARGEST = 5_000, 99_999_900


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A float purchase (`to` is a short code), a transfer or a payment (`to` is an account)."""

    rail: str
    reference: str
    account: str
    to: str
    amount_minor: int
    phone: str
    narrative: str


async def body(request: Request) -> dict[str, Any]:
    """The JSON object of a request; raises Refused."""
    try:
        sent = json.loads(await request.body())
    except ValueError as wrong:
        raise Refused(answers.invalid("payload")) from wrong
    if not isinstance(sent, dict):
        raise Refused(answers.invalid("payload"))
    return sent


async def float_purchase(request: Request) -> Order:
    """A float purchase; raises Refused naming the field that is wrong."""
    sent = await body(request)
    _check(sent, "reqTransactionReferenceNo", _REFERENCE)
    _check(sent, "reqDebitAccountNumber", _ACCOUNT)
    _check(sent, "reqPayBillTillNo", re.compile(r"\d{5,7}"))
    _check(sent, "reqMobileNumber", re.compile(r"254\d{9}"))
    _check(sent, "reqTxnDate", re.compile(r"20\d{6}"))
    _check(sent, "reqPaymentType", re.compile("FloatPurchase"))
    reference, short_code = sent["reqTransactionReferenceNo"], sent["reqPayBillTillNo"]
    if sent.get("reqDebitAmount") != sent.get("reqCreditAmount"):
        raise Refused(answers.invalid("reqCreditAmount"))
    return Order(
        rail="float",
        reference=reference,
        account=sent["reqDebitAccountNumber"],
        to=short_code,
        amount_minor=_minor(sent, "reqDebitAmount"),
        phone=sent["reqMobileNumber"],
        narrative=f"Float purchase {short_code} {reference}",
    )


async def transfer(request: Request) -> Order:
    """An internal transfer; raises Refused naming the field that is wrong."""
    sent = await body(request)
    _check(sent, "TransactionID", _REFERENCE)
    _check(sent, "SenderAccountNumber", _ACCOUNT)
    _check(sent, "BeneficiaryAccountNumber", _ACCOUNT)
    _check(sent, "SenderCIF", re.compile(r"\d{1,10}"))
    _check(sent, "Currency", re.compile("KES"))
    _check(sent, "Narration", re.compile(r".{0,35}"))
    return Order(
        rail="transfer",
        reference=sent["TransactionID"],
        account=sent["SenderAccountNumber"],
        to=sent["BeneficiaryAccountNumber"],
        amount_minor=_minor(sent, "Amount"),
        phone="",
        narrative=sent["Narration"] or sent["TransactionID"],
    )


async def payment(request: Request, rail: str) -> Order:
    """A payment to another bank by that rail; raises Refused naming the field that is wrong."""
    sent = await body(request)
    debited = "DebitAccountNumber" if rail == "eft" else "SenderAccountNumber"
    _check(sent, "TransactionID", _REFERENCE)
    _check(sent, debited, _ACCOUNT)
    _check(sent, "BeneficiaryAccountNumber", re.compile(r"[0-9A-Za-z]{5,20}"))
    _check(sent, "BeneficiaryName", re.compile(r".{1,35}"))
    _check(sent, "BeneficiaryBankBIC", re.compile(_BANKS.get(rail, r"\d{2,5}")))
    _check(sent, "Currency", re.compile("KES"))
    _check(sent, "Narration", re.compile(r".{0,35}"))
    amount = _minor(sent, "Amount")
    if amount < _SMALLEST or (rail != "rtgs" and amount > _LARGEST):
        raise Refused(answers.refusal("limit", sent["TransactionID"], rail=rail))
    return Order(
        rail=rail,
        reference=sent["TransactionID"],
        account=sent[debited],
        to=sent["BeneficiaryAccountNumber"],
        amount_minor=amount,
        phone="",
        narrative=sent["Narration"] or sent["TransactionID"],
    )


def day(sent: dict[str, Any], field: str) -> date:
    """A date, ddMMyyyy; raises Refused."""
    try:
        return datetime.strptime(str(sent.get(field)), "%d%m%Y").replace(tzinfo=UTC).date()
    except ValueError as wrong:
        raise Refused(answers.invalid(field)) from wrong


def _check(sent: dict[str, Any], field: str, form: re.Pattern[str]) -> None:
    if not isinstance(sent.get(field), str) or not form.fullmatch(sent[field]):
        raise Refused(answers.invalid(field))


def _minor(sent: dict[str, Any], field: str) -> int:
    """An amount, text, in cents; raises Refused."""
    _check(sent, field, _AMOUNT)
    whole, _, cents = sent[field].partition(".")
    minor = int(whole) * 100 + int(cents or 0)
    if not minor:
        raise Refused(answers.invalid(field))
    return minor
