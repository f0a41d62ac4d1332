"""Bodies of C2B validations and confirmations: one shape, every value a string."""

from simulators.book import Payment
from simulators.daraja.instructions import Collection
from simulators.daraja.organisations import Organisation
from simulators.daraja.results import local


def question(collection: Collection) -> dict[str, str]:
    """The validation: before money moves, so there is no balance to tell."""
    return _notice(
        collection.key,
        kind=collection.kind,
        at=collection.at,
        minor=collection.amount_minor,
        short_code=collection.short_code,
        bill_ref=collection.bill_ref,
        payer=collection.payer,
        names=collection.names,
    )


def confirmation(collection: Collection) -> dict[str, str]:
    """The confirmation: the same, with the balance and the id we answered the question with."""
    return {
        **question(collection),
        "OrgAccountBalance": f"{collection.balance_minor / 100:.2f}",
        "ThirdPartyTransID": collection.third_party_id,
    }


def of_push(payment: Payment, organisation: Organisation) -> dict[str, str]:
    """The confirmation of money that came by STK push, under the same receipt."""
    told = _notice(
        payment.receipt,
        kind="Pay Bill",
        at=payment.ended_at,
        minor=payment.taken_minor,
        short_code=organisation.short_code,
        bill_ref=payment.our_reference,
        payer=payment.payer,
        names=("SIM", "", "CUSTOMER"),
    )
    return {**told, "OrgAccountBalance": f"{organisation.balances['working'] / 100:.2f}"}


def _notice(
    receipt: str,
    *,
    kind: str,
    at: str,
    minor: int,
    short_code: str,
    bill_ref: str,
    payer: str,
    names: tuple[str, str, str],
) -> dict[str, str]:
    """Names that are not known are left out, but the first."""
    first, middle, last = names
    told = {
        "TransactionType": kind,
        "TransID": receipt,
        "TransTime": f"{local(at):%Y%m%d%H%M%S}",
        "TransAmount": f"{minor / 100:.2f}",
        "BusinessShortCode": short_code,
        "BillRefNumber": bill_ref,
        "InvoiceNumber": "",
        "OrgAccountBalance": "",
        "ThirdPartyTransID": "",
        "MSISDN": f"{payer[:4]} ***** {payer[-3:]}",
        "FirstName": first,
    }
    more = {"MiddleName": middle, "LastName": last}
    return {**told, **{name: value for name, value in more.items() if value}}
