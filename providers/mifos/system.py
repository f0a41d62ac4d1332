"""Mifos X, as `kauri decode` knows it."""

from providers.contract import System
from providers.mifos.acks import disburse_reader, transaction_reader
from providers.mifos.errors import read_error
from providers.mifos.hooks import read_hook
from providers.mifos.proof import loan_reader

SYSTEM = System(
    name="mifos",
    messages={
        "disburse_ack": disburse_reader(),
        "repayment_ack": transaction_reader(),
        "deposit_ack": transaction_reader(),
        "loan": loan_reader(),
        "hook": read_hook,
        "error": read_error,
    },
)
