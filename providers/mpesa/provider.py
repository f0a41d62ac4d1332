"""M-Pesa (Safaricom Daraja), Kenya."""

from models import ids
from models.charge import Limits, Offer, Terms
from models.money import Money
from models.reading import Reading, Verdict
from providers.contract import AnswersAt, Callbacks, Provider
from providers.mpesa import acks, c2b, errors, orders, results, stk
from providers.mpesa.client import MpesaClient
from providers.mpesa.settings import MpesaSettings
from providers.mpesa.wallet import opened

MESSAGES = {
    "stk_ack": acks.read_ack,
    "stk_callback": stk.read_callback,
    "stk_query": stk.read_query,
    "c2b_validation": c2b.read_validation,
    "c2b_confirmation": c2b.read_confirmation,
    "c2b_register_ack": acks.read_register_ack,
    "b2c_ack": acks.read_ack,
    "b2c_result": results.read_payout,
    "b2b_result": results.read_payout,
    "transaction_status_result": results.read_status,
    "account_balance_result": results.read_balance,
    "reversal_result": results.read_reversal,
    "error": errors.read_error,
}


def _offer(settings: MpesaSettings) -> Offer:
    limits = Limits(
        currency=stk.CURRENCY,
        minimum=settings.minimum * 100,
        maximum=settings.maximum * 100,
        step=100,
    )
    return Offer(provider="mpesa", title="M-Pesa", countries=("KE",), limits=(limits,))


def _payout_limits(_settings: MpesaSettings) -> tuple[Limits, ...]:
    smallest, largest = orders.SMALLEST * 100, orders.LARGEST * 100
    return (Limits(currency=stk.CURRENCY, minimum=smallest, maximum=largest, step=100),)


def _terms(settings: MpesaSettings) -> Terms:
    # A query that finds nothing proves nothing: a lost answer leaves no id to ask with.
    return settings.terms(absence_proves=False)


def _callbacks(settings: MpesaSettings) -> Callbacks:
    trusted_below = Money(settings.confirm_above * 100, stk.CURRENCY)

    def hint(reading: Reading) -> bool:
        """Nothing is signed: a final word is asked for, unless it is a small success."""
        if reading.verdict is Verdict.SETTLED and reading.amount is not None:
            return reading.amount.minor >= trusted_below.minor
        return reading.verdict is not None and reading.verdict.final

    return Callbacks(
        slug="ke1",
        read=stk.read_callback,
        hint=hint,
        answer={"ResultCode": 0, "ResultDesc": "Accepted"},
    )


PROVIDER = Provider(
    name="mpesa",
    settings=MpesaSettings,
    offer=_offer,
    terms=_terms,
    reference=ids.account_reference,
    messages=MESSAGES,
    callbacks=_callbacks,
    collects=MpesaClient,
    refunds=opened,
    pays_out=opened,
    payout_limits=_payout_limits,
    tells_balance=opened,
    answers_at=AnswersAt(
        payout="ke2",
        refund="ke6",
        asked="ke4",
        refund_asked="ke10",
        timeout="ke3",
        balance="ke9",
    ),
)
