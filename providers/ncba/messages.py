"""Every message of the bank that can be read."""

from providers.contract import System
from providers.ncba.acks import read_float_ack, read_transfer_ack
from providers.ncba.callbacks import read_callback
from providers.ncba.errors import read_error
from providers.ncba.notices import read_json, read_xml
from providers.ncba.owners import read_validation
from providers.ncba.payer import opened
from providers.ncba.statements import read_statement

SYSTEM = System(
    name="ncba",
    messages={
        "float_ack": read_float_ack,
        "transfer_ack": read_transfer_ack,
        "callback": read_callback,
        "notification_xml": read_xml,
        "notification_json": read_json,
        "statement": read_statement,
        "error": read_error,
        "pesalink_ack": read_transfer_ack,
        "eft_ack": read_float_ack,
        "rtgs_ack": read_float_ack,
        "account_validation": read_validation,
    },
    pays_banks=opened,
)
